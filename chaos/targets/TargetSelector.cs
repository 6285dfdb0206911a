using Pressure.Faults;

namespace Pressure.Chaos;

/// <summary>Says what is to be struck. Conditions all hold together; one without any condition matches nothing.</summary>
public sealed record TargetSelector
{
    /// <summary>What kind of thing.</summary>
    public required TargetKind Kind { get; init; }

    /// <summary>Hosts whose things are meant, names or patterns with <c>*</c>; <c>local</c> is this one. Empty for local only.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>Names: one without <c>*</c> that is missing is an error.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>Labels that it must bear; an empty value stands for any.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Its image, a pattern with <c>*</c>; null for any.</summary>
    public string? Image { get; init; }

    /// <summary>Its compose project; null for any.</summary>
    public string? Project { get; init; }

    /// <summary>Its namespace (pods); null for any.</summary>
    public string? Namespace { get; init; }

    /// <summary>The fault gateway's route (<see cref="TargetKind.Route"/>): where it listens and leads. It is named, not searched for.</summary>
    public FaultTarget.Route? Route { get; init; }

    /// <summary>How many of those that match.</summary>
    public SelectionMode Mode { get; init; } = new SelectionMode.One();
}

/// <summary>How many of those that match are struck. A closed set.</summary>
public abstract record SelectionMode
{
    private SelectionMode()
    {
    }

    /// <summary>Reads <c>one</c>, <c>all</c>, <c>3</c>, <c>25%</c>, <c>up to 50%</c>; null if it is none of them.</summary>
    public static SelectionMode? Parse(string? text) => SelectionModeText.Read(text);

    /// <summary>As <see cref="Parse"/> reads it.</summary>
    public sealed override string ToString() => SelectionModeText.Write(this);

    /// <summary>One, by chance.</summary>
    public sealed record One : SelectionMode;

    /// <summary>All of them.</summary>
    public sealed record All : SelectionMode;

    /// <summary>So many, by chance; an error when there are fewer.</summary>
    public sealed record Fixed(int Count) : SelectionMode;

    /// <summary>A share of them, rounded down, by chance; 0 to 1.</summary>
    public sealed record Percent(double Share) : SelectionMode;

    /// <summary>Any number up to a share of them, by chance; 0 to 1.</summary>
    public sealed record UpTo(double Share) : SelectionMode;
}
