using Pressure.LoadGen;

namespace Pressure.Web.Runs;

/// <summary>What came of trying a request once. A closed set.</summary>
internal abstract record TryOutcome
{
    private TryOutcome()
    {
    }

    /// <summary>It was sent; the answer, or what failed.</summary>
    public sealed record Sent(Step.Request Request, TriedRequest Answer) : TryOutcome;

    /// <summary>The guard says no, why, and which hosts it means.</summary>
    public sealed record Refused(IReadOnlyList<string> Reasons, IReadOnlyList<string> Hosts) : TryOutcome;

    /// <summary>The plan has only this many requests.</summary>
    public sealed record NoSuchRequest(int Count) : TryOutcome;
}
