using Pressure.Reports;

namespace Pressure.Web.Watch;

/// <summary>How to watch over a service.</summary>
/// <param name="Service">Its address.</param>
public sealed record WatchOptions(Uri Service)
{
    /// <summary>Where notices are posted to; null for nowhere.</summary>
    public Uri? Notify { get; init; }

    /// <summary>Headers of those posts.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>What is called while all is well, so that somebody else notices when nobody calls any more; null for nothing.</summary>
    public Uri? Alive { get; init; }

    /// <summary>Time between two such calls.</summary>
    public TimeSpan AliveEvery { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Time between two looks at the service.</summary>
    public TimeSpan CheckEvery { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long the service may take to answer.</summary>
    public TimeSpan AnswerWithin { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How many looks in a row must find something wrong before anybody is told.</summary>
    public int Failures { get; init; } = 3;

    /// <summary>How often a notice is tried.</summary>
    public int Tries { get; init; } = 7;

    /// <summary>The language of notices.</summary>
    public ReportLanguage Language { get; init; }
}
