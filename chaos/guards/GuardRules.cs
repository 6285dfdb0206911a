namespace Pressure.Chaos;

/// <summary>The limits that the guards keep, checked and immutable.</summary>
public sealed record GuardRules
{
    /// <summary>How many strikes in how long a time.</summary>
    public IReadOnlyList<StrikeBudget> Budgets { get; init; } =
    [
        new("*", 20, TimeSpan.FromMinutes(1)),
        new("*", 50, TimeSpan.FromMinutes(5)),
        new("*", 200, TimeSpan.FromHours(1)),
        new("*", 1000, TimeSpan.FromHours(24)),
    ];

    /// <summary>After how long an open circuit closes by itself; null for when a person closes it.</summary>
    public TimeSpan? CoolDown { get; init; }

    /// <summary>At least so long between two deeds, whatever they strike.</summary>
    public TimeSpan Gap { get; init; }

    /// <summary>At least so long between two deeds on the same group.</summary>
    public TimeSpan GapPerGroup { get; init; }

    /// <summary>The label whose values are groups. What does not bear it is of the group of its compose service, else of its image, else it is its own.</summary>
    public string Group { get; init; } = "app";

    /// <summary>How much of it all may be under fault at once.</summary>
    public BlastRadius BlastRadius { get; init; } = new();

    /// <summary>When striking is allowed; null for always.</summary>
    public AllowedHours? Hours { get; init; }

    /// <summary>When it is not.</summary>
    public IReadOnlyList<Freeze> Freezes { get; init; } = [];

    /// <summary>A second person's word for what is marked risky.</summary>
    public ApprovalRules Approvals { get; init; } = new();

    /// <summary>Processes and hosts that may be struck, patterns with <c>*</c>; null for those that a selector names without <c>*</c>.</summary>
    public IReadOnlyList<string>? Allowed { get; init; }

    /// <summary>Names that are never struck, patterns with <c>*</c>, besides what belongs to this machine and to what strikes.</summary>
    public IReadOnlyList<string> Protected { get; init; } = [];

    /// <summary>Hours and freezes together.</summary>
    public GuardCalendar Calendar => new(Hours, Freezes);

    /// <summary>Adds what the rules say to what protects itself.</summary>
    public Protection Protect(Protection protection) => protection with { Names = [.. protection.Names, .. Protected], Allowed = Allowed ?? protection.Allowed };
}

/// <summary>So many strikes in so long a time. When somebody asks for more than is left, its circuit opens.</summary>
/// <param name="Kinds">Kinds of faults that are counted together, a pattern with <c>*</c>.</param>
/// <param name="Most">How many targets.</param>
/// <param name="Per">In how long a time, sliding.</param>
public sealed record StrikeBudget(string Kinds, int Most, TimeSpan Per)
{
    /// <summary>Its name: <c>* per 1h</c>.</summary>
    public string Name => $"{Kinds} per {DurationText.Of(Per)}";
}

/// <summary>How much may be under fault at once.</summary>
public sealed record BlastRadius
{
    /// <summary>Targets in all; null for any number.</summary>
    public int? Most { get; init; }

    /// <summary>Targets of each group; null for any number.</summary>
    public int? MostPerGroup { get; init; }

    /// <summary>Share of each group's targets, 0 to 1; null for any.</summary>
    public double? MostSharePerGroup { get; init; }

    /// <summary>Groups with limits of their own, by the label's value; what they leave open is as for all.</summary>
    public IReadOnlyDictionary<string, GroupLimit> Groups { get; init; } = new Dictionary<string, GroupLimit>();
}

/// <summary>A group's own limits.</summary>
/// <param name="Most">Targets; null for what holds for all groups.</param>
/// <param name="MostShare">Share of its targets, 0 to 1; null for what holds for all groups.</param>
public sealed record GroupLimit(int? Most, double? MostShare);

/// <summary>A second person's word.</summary>
public sealed record ApprovalRules
{
    /// <summary>Whether what is marked risky needs it.</summary>
    public bool Needed { get; init; } = true;

    /// <summary>How long it holds from when it was given; a request that nobody decides is forgotten after as long.</summary>
    public TimeSpan ValidFor { get; init; } = TimeSpan.FromHours(24);

    /// <summary>For how many runs of the experiment.</summary>
    public int Uses { get; init; } = 1;
}
