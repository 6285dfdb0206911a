namespace Pressure.Chaos;

/// <summary>Chooses what is struck: a pure function.</summary>
public static class Selecting
{
    /// <summary>Chooses.</summary>
    /// <param name="selector">What is meant.</param>
    /// <param name="candidates">What there is.</param>
    /// <param name="protection">What is never struck.</param>
    /// <param name="random">Where chance comes from.</param>
    public static Selection Choose(TargetSelector selector, IReadOnlyList<Candidate> candidates, Protection protection, Random random) => throw new NotImplementedException($"{selector}{candidates}{protection}{random}");
}

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
