namespace Pressure.Reports.Export;

/// <summary>How points are put to a sink over HTTP.</summary>
internal interface IPointFormat
{
    /// <summary>A request that carries all of them; the caller disposes of it.</summary>
    HttpRequestMessage Request(IReadOnlyList<MetricPoint> points);

    /// <summary>What the sink's answer means.</summary>
    Task<SendOutcome> ReadAsync(HttpResponseMessage answer, CancellationToken stop);
}

/// <summary>What came of a batch. A closed set.</summary>
internal abstract record SendOutcome
{
    private SendOutcome()
    {
    }

    /// <summary>The sink has it, but for so many points.</summary>
    public sealed record Taken(long Rejected = 0, string? Why = null) : SendOutcome;

    /// <summary>It may go better later.</summary>
    public sealed record NotNow(string Why) : SendOutcome;

    /// <summary>The same batch would be refused again.</summary>
    public sealed record Refused(string Why) : SendOutcome;
}
