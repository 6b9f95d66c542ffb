using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Starts the function on a schedule, in UTC, one run at a time.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class TimerTriggerAttribute : TriggerBindingAttribute
{
    /// <summary>Sets the schedule: NCRONTAB with five or six fields, or <c>%Setting%</c>.</summary>
    public TimerTriggerAttribute(string schedule) => Schedule = schedule;

    /// <summary>The schedule as written.</summary>
    public string Schedule { get; }

    /// <summary>Runs once at every start of the host; false by default.</summary>
    public bool RunOnStartup { get; set; }

    /// <summary>Keeps the schedule's state, so that a run missed while the host was down is made up for; true by default.</summary>
    public bool UseMonitor { get; set; } = true;
}
