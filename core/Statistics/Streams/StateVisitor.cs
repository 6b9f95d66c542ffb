namespace Mlops.Core.Statistics.Streams;

/// <summary>Saves or restores the numbers of a detector's state.</summary>
public abstract class StateVisitor
{
    /// <summary>Saves <paramref name="current"/> and returns it, or returns what was saved.</summary>
    public abstract double Value(double current);

    /// <summary>Saves the list, or replaces its content by what was saved.</summary>
    public abstract void List(List<double> current);
}
