namespace Pressure.Cluster;

/// <summary>What keeps a run over several workers from beginning.</summary>
/// <param name="Message">What is wrong, as an English sentence.</param>
/// <param name="Remedy">What to do.</param>
public sealed record CrewProblem(string Message, string Remedy)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Message} {Remedy}";
}
