using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace Mlops.Functions.Tests;

/// <summary>What compiled methods do, instruction by instruction.</summary>
internal static class Instructions
{
    private static readonly Dictionary<short, OpCode> OpCodesByValue = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => code.Value);

    /// <summary>The methods of a class, with those that the compiler made of its async methods and lambdas.</summary>
    public static IEnumerable<MethodInfo> MethodsOf(Type type) =>
    [
        .. type.GetNestedTypes(BindingFlags.Public | BindingFlags.NonPublic).Where(nested => nested.GetCustomAttribute<CompilerGeneratedAttribute>() is not null).SelectMany(MethodsOf),
        .. type.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly),
    ];

    /// <summary>The instructions of a method, with the method, field or text that they name; null for others.</summary>
    public static IEnumerable<(OpCode Operation, object? Operand)> Of(MethodInfo method)
    {
        byte[] code = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        Type[]? typeArguments = method.DeclaringType!.IsGenericType ? method.DeclaringType.GetGenericArguments() : null;
        Type[]? methodArguments = method.IsGenericMethod ? method.GetGenericArguments() : null;
        for (int i = 0; i < code.Length;)
        {
            OpCode operation = code[i] == 0xFE ? OpCodesByValue[unchecked((short)(0xFE00 | code[i + 1]))] : OpCodesByValue[code[i]];
            i += operation.Size;
            yield return (operation, operation.OperandType switch
            {
                OperandType.InlineMethod => method.Module.ResolveMethod(BitConverter.ToInt32(code, i), typeArguments, methodArguments),
                OperandType.InlineField => method.Module.ResolveField(BitConverter.ToInt32(code, i), typeArguments, methodArguments),
                OperandType.InlineString => method.Module.ResolveString(BitConverter.ToInt32(code, i)),
                _ => null,
            });
            i += operation.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, i)),
                _ => 4,
            };
        }
    }
}
