namespace Pressure.LoadGen.Importing;

/// <summary>A request as a source gives it, before it is made fit for a plan.</summary>
/// <param name="Method">As written.</param>
/// <param name="Url">A whole URL, or a path below a target that the source does not name.</param>
/// <param name="Where">Its place: <c>entry 3</c>, <c>line 12</c>.</param>
internal sealed record FoundRequest(string Method, string Url, string Where)
{
    /// <summary>A name that says more than method and path.</summary>
    public string? Name { get; init; }

    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>Text as sent; its type stands in the headers.</summary>
    public string? Body { get; init; }

    public decimal Weight { get; init; } = 1;
}

/// <summary>All that a source gives.</summary>
internal sealed record Found(IReadOnlyList<FoundRequest> Requests)
{
    public static readonly Found Nothing = new([]);

    /// <summary>The source's own name for itself.</summary>
    public string? Title { get; init; }

    /// <summary>What redirects led to stands among the requests, so that following them would send it twice.</summary>
    public bool HoldsRedirects { get; init; }

    /// <summary>A load derived from the source; null for the usual small one.</summary>
    public FoundLoad? Load { get; init; }
}

/// <summary>A load derived from a source; exactly one of both.</summary>
internal sealed record FoundLoad(PageViewsDraft? PageViews, string? Rate);
