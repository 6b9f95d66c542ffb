using Mlops.Core.Data;

namespace Mlops.Core.Configuration;

/// <summary>Decides from a table and the configuration what is to be learned.</summary>
public static class TaskResolver
{
    /// <summary>Chooses target, kind of task, classes and features.</summary>
    public static TaskResolution Resolve(DataTable table, ModelConfiguration configuration) => throw new NotImplementedException();
}
