namespace Pressure.LoadGen;

/// <summary>A replay as a plan asks for it (<c>load: { replay: ... }</c>), checked; the captures themselves have not been opened.</summary>
public sealed record ReplayOrder
{
    /// <summary>Files of captures (ours, pcap, pcapng, HAR, .gor), merged onto one target; at least one, unless <see cref="Live"/> says where from.</summary>
    public required IReadOnlyList<string> Captures { get; init; }

    /// <summary>What is replayed while it passes somewhere, instead of captures; null for captures.</summary>
    public LiveOrder? Live { get; init; }

    /// <summary>Where the plan names each of them: line and column from 1, and the field; fewer when they do not come from a plan.</summary>
    public IReadOnlyList<(int Line, int Column, string Field)> Places { get; init; } = [];

    /// <summary>How many times as fast as captured, above 0; <see cref="double.PositiveInfinity"/> for as fast as the target answers.</summary>
    public double Speed { get; init; } = 1;

    /// <summary>Requests per time instead of the captured timing; the order stays.</summary>
    public Rate? Rate { get; init; }

    /// <summary>Whether nothing is ever due: each request goes out as soon as its turn has come.</summary>
    public bool IsAsFastAsPossible => double.IsPositiveInfinity(Speed) && Rate is null;

    /// <summary>How many clients stand for each captured one; at least 1.</summary>
    public int Multiply { get; init; } = 1;

    /// <summary>The copies of a client begin at random moments of this span after the original, so that they do not all strike at once.</summary>
    public TimeSpan Jitter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often it is gone through; 1 for once, <see cref="int.MaxValue"/> until the duration is over.</summary>
    public int Loops { get; init; } = 1;

    /// <summary>How long it lasts at the most; null for as long as the captures do.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>Whether several captures are laid over each other by the time of day; without, each begins at once.</summary>
    public bool AlignsByClock { get; init; }

    /// <summary>Clients with a request under way at once in a replay as fast as possible.</summary>
    public int Connections { get; init; } = 64;

    /// <summary>Methods that are replayed, upper-case; all others are skipped and counted.</summary>
    public IReadOnlyList<string> Methods { get; init; } = ["GET", "HEAD", "OPTIONS"];

    /// <summary>Hosts (patterns with <c>*</c>) whose requests are replayed; empty for all.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>Paths (patterns with <c>*</c>) that are replayed; empty for all.</summary>
    public IReadOnlyList<string> Paths { get; init; } = [];

    /// <summary>Paths (patterns with <c>*</c>) that are not replayed.</summary>
    public IReadOnlyList<string> ExceptPaths { get; init; } = [];

    /// <summary>The share of connections that is replayed, above 0 and up to 1; which ones is a function of the seed.</summary>
    public double Share { get; init; } = 1;

    /// <summary>How requests are changed before they go out.</summary>
    public IReadOnlyList<ReplayRewrite> Rewrites { get; init; } = [];

    /// <summary>Values of answers that later requests of the same client take over, cookies besides.</summary>
    public IReadOnlyList<CarriedValue> Carries { get; init; } = [];

    /// <summary>Whether cookies that the target sets replace the captured ones.</summary>
    public bool CarriesCookies { get; init; } = true;

    /// <summary>Whether answers are held against the captured ones; null for no.</summary>
    public ReplayComparison? Compare { get; init; }

    /// <summary>Whether raw TCP is replayed in lock-step (it may write); without, its turns are skipped and counted.</summary>
    public bool Tcp { get; init; }
}

/// <summary>One change to requests. A closed set.</summary>
public abstract record ReplayRewrite
{
    private ReplayRewrite()
    {
    }

    /// <summary>Sets a header field, or (null) takes it away. Without one for Host, Host is the target's.</summary>
    public sealed record Header(string Name, string? Value) : ReplayRewrite;

    /// <summary>Replaces what a pattern (non-backtracking) finds in path and query; <c>$1</c> for groups.</summary>
    public sealed record Path(System.Text.RegularExpressions.Regex Pattern, string Replacement) : ReplayRewrite;

    /// <summary>Sets a parameter of the query, or (null) takes it away.</summary>
    public sealed record Parameter(string Name, string? Value) : ReplayRewrite;
}

/// <summary>Where in an answer a value stands: what the captured answer had there is replaced, in later requests of the same client, by what the replayed one has.</summary>
/// <param name="Header">A header field; null for none.</param>
/// <param name="Json">A path in a JSON body; null for none.</param>
/// <param name="Pattern">A pattern with one group; null for none.</param>
/// <param name="Into">
/// For values that were masked in the capture, and so can't be found in its requests: the header field that takes it (<c>Authorization: Bearer {}</c>); null to
/// replace it wherever it stands.
/// </param>
public sealed record CarriedValue(string? Header, JsonPath? Json, System.Text.RegularExpressions.Regex? Pattern, string? Into);

/// <summary>How answers are compared.</summary>
/// <param name="Ignore">Fields that do not matter: header fields (<c>header:Date</c>), JSON paths (<c>$.time</c>).</param>
/// <param name="Primary">Where the same requests go as well, for an answer of today instead of the captured one; null for the captured one.</param>
/// <param name="Secondary">A second one like <paramref name="Primary"/>: where these two differ it is noise; null for none.</param>
public sealed record ReplayComparison(IReadOnlyList<string> Ignore, Uri? Primary, Uri? Secondary);
