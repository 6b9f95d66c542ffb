namespace Mlops.Core.Learning.Trainers;

/// <summary>The settings of a candidate with the trainer's defaults filled in.</summary>
internal sealed class TrainerSettings(CandidateSpec spec, IReadOnlyList<TrainerParameter> parameters)
{
    /// <summary>The value of a setting.</summary>
    public double this[string name] => spec.Parameters.TryGetValue(name, out double value) ? value : parameters.First(p => p.Name == name).Default;

    /// <summary>Whether the trainer has such a setting.</summary>
    public bool Has(string name) => parameters.Any(p => p.Name == name);

    /// <summary>The value of a whole-number setting.</summary>
    public int Whole(string name) => (int)this[name];
}
