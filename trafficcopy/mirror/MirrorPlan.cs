using System.Net;
using Pressure.TrafficCopy;

namespace Pressure.Mirror;

/// <summary>A mirror that somebody wants, checked by <see cref="Problems"/>.</summary>
/// <param name="Listen">Where clients come to.</param>
/// <param name="Production">Who answers them.</param>
public sealed record MirrorPlan(IPEndPoint Listen, Uri Production)
{
    /// <summary>Names this mirror in the marks of its copies.</summary>
    public string Id { get; init; } = "mirror";

    /// <summary>How clients come over TLS; null when they come without.</summary>
    public ListenTls? Tls { get; init; }

    /// <summary>Who gets the copies; null to record only.</summary>
    public Uri? Copy { get; init; }

    /// <summary>A second server like production, whose answers tell what differs by nature; null to compare with production alone.</summary>
    public Uri? Secondary { get; init; }

    /// <summary>Whether test targets may have any certificate.</summary>
    public bool TrustsAnyTarget { get; init; }

    /// <summary>Which requests are copied.</summary>
    public CopyRules Rules { get; init; } = new();

    /// <summary>What their heads become.</summary>
    public CopyHeaderRules Headers { get; init; } = new();

    /// <summary>What copying may take.</summary>
    public CopyLimits Limits { get; init; } = new();

    /// <summary>When the test target is left alone.</summary>
    public BreakerRules Breaker { get; init; } = new();

    /// <summary>How answers are compared; null when they are not.</summary>
    public ComparisonRules? Compare { get; init; }

    /// <summary>Where counts can be read and copying paused; null for nowhere.</summary>
    public IPEndPoint? Admin { get; init; }

    /// <summary>Whether production is told the client's address (X-Forwarded-For, appended), and that clients came over TLS (X-Forwarded-Proto).</summary>
    public bool TellsClient { get; init; } = true;

    /// <summary>All that is wrong with it; empty when it can be started.</summary>
    public IReadOnlyList<MirrorProblem> Problems()
    {
        List<MirrorProblem> problems = [];
        foreach (var (option, url) in new[] { ("--to", Production), ("--copy", Copy), ("--secondary", Secondary) })
            CheckUrl(option, url, problems);
        if (Copy is { } copy && Same(copy, Production))
            problems.Add(new("--copy", "It is the same server as --to, which would get every request twice", "Name a test target."));
        if (Secondary is { } secondary && (Same(secondary, Production) || (Copy is { } other && Same(secondary, other))))
            problems.Add(new("--secondary", "It is production or the test target", "Name a server of its own, like production."));
        if (Secondary is not null && (Compare is null || Copy is null))
            problems.Add(new("--secondary", "It is for comparing", "Add --copy and --compare."));
        if (Compare is not null && Copy is null)
            problems.Add(new("--compare", "There is no test target whose answers could be compared", "Name it with --copy."));
        if (Admin is { Port: not 0 } admin && admin.Port == Listen.Port)
            problems.Add(new("--admin", $"Clients come to port {Listen.Port} already", "Choose another one."));
        problems.AddRange(Limits.Problems());
        return problems;
    }

    private void CheckUrl(string option, Uri? url, List<MirrorProblem> problems)
    {
        if (url is null)
            return;
        if (url.Scheme is not ("http" or "https") || url.Host.Length == 0)
            problems.Add(new(option, $"'{url}' is no server", "Write http://host:port or https://host:port."));
        else if (url.PathAndQuery != "/" || url.Fragment.Length + url.UserInfo.Length > 0)
            problems.Add(new(option, $"'{url}' is more than a server; paths pass as they are", $"Write {url.Scheme}://{url.Authority}."));
        else if (url.Port == Listen.Port && IsHere(url))
            problems.Add(new(option, "The mirror itself listens there", "Choose another port with --listen."));
    }

    private bool IsHere(Uri url) =>
        url.Host == Listen.Address.ToString() || (url.IsLoopback && (IPAddress.IsLoopback(Listen.Address) || Listen.Address.Equals(IPAddress.Any) || Listen.Address.Equals(IPAddress.IPv6Any)));

    private static bool Same(Uri one, Uri other) => one.Port == other.Port && (one.Host.Equals(other.Host, StringComparison.OrdinalIgnoreCase) || (one.IsLoopback && other.IsLoopback));
}

/// <summary>Something wrong with a mirror that somebody wants.</summary>
/// <param name="Option">Where, by the option of the command line.</param>
/// <param name="Message">What.</param>
/// <param name="Remedy">What to do.</param>
public sealed record MirrorProblem(string Option, string Message, string Remedy)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Option}: {Message}. {Remedy}";
}
