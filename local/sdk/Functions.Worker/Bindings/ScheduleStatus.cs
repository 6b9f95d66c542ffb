namespace Microsoft.Azure.Functions.Worker;

/// <summary>State of a timer's schedule, in UTC.</summary>
public class ScheduleStatus
{
    /// <summary>Scheduled time of the last run; the default value before the first.</summary>
    public DateTime Last { get; set; }

    /// <summary>Scheduled time of the next run.</summary>
    public DateTime Next { get; set; }

    /// <summary>When this state was written.</summary>
    public DateTime LastUpdated { get; set; }
}
