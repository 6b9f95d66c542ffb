namespace Mlops.Core.Configuration;

internal static class ModelYaml
{
    public static ConfigurationResult Parse(string yaml) => throw new NotImplementedException();
    public static string Hash(ModelConfiguration configuration) => throw new NotImplementedException();
}
