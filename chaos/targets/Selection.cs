namespace Pressure.Chaos;

/// <summary>What was chosen. A closed set.</summary>
public abstract record Selection
{
    private Selection()
    {
    }

    /// <summary>These are struck.</summary>
    /// <param name="Targets">Exactly these.</param>
    /// <param name="Matching">All that the selector means and that may be struck; the share of the blast radius is of these.</param>
    /// <param name="Spared">What it means and must not be struck, with the reason as an English clause.</param>
    public sealed record Chosen(IReadOnlyList<Candidate> Targets, IReadOnlyList<Candidate> Matching, IReadOnlyList<(Candidate Candidate, string Why)> Spared) : Selection;

    /// <summary>Nothing can be struck.</summary>
    public sealed record Nothing(string Why, string Remedy) : Selection;
}
