using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Mlops.Core.Configuration;
using Mlops.Core.Data;
using Mlops.Core.Learning;
using Mlops.Core.Serving;
using Mlops.Core.Tests.Data;

namespace Mlops.Core.Tests;

/// <summary>Whatever text comes: a reader ends with a result or with errors that say something, and never with an exception of another kind.</summary>
public class HostileTextTests
{
    private const int Many = 2_000;

    private static readonly ModelSignature _signature = new(
        TaskKind.Binary, "target", ["no", "yes"], [new("age", ColumnKind.Number), new("visits", ColumnKind.Integer), new("city", ColumnKind.Text), new("since", ColumnKind.Timestamp)]);

    [Fact]
    public void ModelYaml_AnyText_IsAConfigurationOrErrorsWithLines() => Prop.ForAll(
        Texts("target", "ignore", "training", "folds", "gates", "floors", ": ", ":\n  ", "- ", "\n", "\n  ", "\t", "[", "]", "{", "}", ",", "&a ", "*a", "!!str ", "!<x> ", "|\n", ">\n", "'", "\"", "\\ud800", "\\x", "#", "---\n", "...\n", "%YAML 1.2\n", "<<: ", "? ", "1e999", "-0", ".nan", ".inf", "0x7fffffffffffffff", "99999999999999999999", "null", "~", "é", "\U0001F600", "\0", "\u2028", "\uFEFF", "\uD800"),
        text =>
        {
            ConfigurationResult result = ModelConfiguration.Parse(text);
            return result.Configuration is null == result.Errors.Count > 0
                && result.Errors.All(error => error.Line >= 1 && error.ToString().Length < 1_000 && !error.ToString().Contains('\n'));
        }).MustHold(Many);

    [Fact]
    public void Csv_AnyText_IsATableOrAProblem() => Prop.ForAll(
        Texts("a", "b", ",", ";", "\t", "\"", "\"\"", "\n", "\r", "\r\n", "1", "-1", "1e999", "1e-999", "NaN", "inf", "0x10", "99999999999999999999999", "=1+1", "\0", "\uFEFF", "é", "\U0001F600", "2026-01-01", "9999-99-99", " "),
        text =>
        {
            BatchRead read = Batches.Csv(text, limits: new BatchLimits { MaxBytes = 4096, MaxColumns = 8, MaxLineBytes = 100 }).GetAwaiter().GetResult();
            return read.Table is not null || read.Problems.Any(problem => problem.Severity == Severity.Block);
        }).MustHold(Many);

    [Fact]
    public void JsonLines_AnyText_IsATableOrAProblem() => Prop.ForAll(
        Texts("{", "}", "[", "]", "\"a\"", "\"b\"", ":", ",", "\n", "1", "1e999", "NaN", "Infinity", "null", "true", "\"\\ud800\"", "\"\\u0000\"", "\"", "\\", "//", "{\"a\":1}\n", "{\"a\":\"x\"}\n", "\0", "é"),
        text =>
        {
            BatchRead read = Batches.Json(text, limits: new BatchLimits { MaxBytes = 4096, MaxColumns = 8, MaxLineBytes = 100 }).GetAwaiter().GetResult();
            return read.Table is not null || read.Problems.Any(problem => problem.Severity == Severity.Block);
        }).MustHold(Many);

    [Fact]
    public void Rows_AnyJson_AreATableOrProblems() => Prop.ForAll(Json(), json =>
    {
        using JsonDocument document = JsonDocument.Parse(json);
        (DataTable? rows, IReadOnlyList<string> wrong) = RowReader.Read(document.RootElement, _signature, 10);
        (DataTable? tensors, IReadOnlyList<string> alsoWrong) = InferenceRequest.Read(document.RootElement, _signature, 10);
        return rows is null == wrong.Count > 0 && tensors is null == alsoWrong.Count > 0 && wrong.Concat(alsoWrong).All(problem => problem.Length < 2_000 && !problem.Any(char.IsControl));
    }).MustHold(Many);

    private static Arbitrary<string> Texts(params string[] pieces) =>
        Gen.Elements(pieces).ListOf().Select(chosen => string.Concat(chosen)).ToArbitrary();

    // Documents that are JSON, about the members that the readers look for.
    private static Arbitrary<string> Json()
    {
        Gen<string> leaf = Gen.Elements("null", "true", "0", "-1", "1.5", "1e999", "-1e999", "1e-999", "123456789012345678901234567890", "9007199254740993", "\"\"", "\"x\"", "\"2026-01-31\"", "\"9999-12-31T23:59:59+14:00\"", "\"0001-01-01T00:00:00+14:00\"", "\"\\u0000\\n\"", "\"\\ud83d\\ude00\"");
        Gen<string> name = Gen.Elements("age", "visits", "city", "since", "target", "inputs", "name", "shape", "datatype", "data", "other", "\\u0007");
        Gen<string> Value(int depth) => depth == 0
            ? leaf
            : Gen.OneOf(
                leaf,
                Value(depth - 1).ListOf().Select(items => $"[{string.Join(',', items.Take(12))}]"),
                name.SelectMany(key => Value(depth - 1).Select(value => $"\"{key}\":{value}")).ListOf().Select(members => $"{{{string.Join(',', members.Take(8))}}}"),
                Value(depth - 1).Select(data => $"{{\"inputs\":[{{\"name\":\"age\",\"shape\":[1],\"datatype\":\"FP32\",\"data\":{data}}}]}}"));
        return Value(3).ToArbitrary();
    }
}
