using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Pressure.Cluster;
using Pressure.Record;
using Pressure.Reports;
using Pressure.Web.Language;

namespace Pressure.Web.Api;

/// <summary>
/// A run's updates as server-sent events: <c>second</c> (a timeline point), <c>event</c>, <c>reporting</c>, <c>finished</c>. Each carries its number
/// as id, so that a browser that lost the connection goes on where it was.
/// </summary>
internal static class LiveStream
{
    /// <summary>Ends with the run, with the service (<paramref name="serviceEnds"/>), or when the follower is gone.</summary>
    public static async IAsyncEnumerable<SseItem<object>> Follow(
        RunHandle run, int from, Texts texts, CancellationToken serviceEnds, [EnumeratorCancellation] CancellationToken gone = default)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(serviceEnds, gone);
        await using var updates = run.Live.Follow(from, either.Token).GetAsyncEnumerator(either.Token);
        while (await MoreAsync(updates))
        {
            var (number, update) = updates.Current;
            // Who hears of the end and asks for the result must find it.
            if (update is LiveUpdate.Finished)
                await run.Completion;
            var (type, data) = Describe(update, texts);
            yield return new SseItem<object>(data, type) { EventId = number.ToString(), ReconnectionInterval = TimeSpan.FromSeconds(1) };
        }
    }

    /// <summary>What a follower gets who comes when all is over.</summary>
    public static async IAsyncEnumerable<SseItem<object>> Ended(RunSummary? summary)
    {
        await Task.CompletedTask;
        yield return new SseItem<object>(Outcome(summary), "finished");
    }

    /// <summary>The number after the last that the follower has seen.</summary>
    public static int From(string? lastEventId) => int.TryParse(lastEventId, out var last) && last is >= 0 and < int.MaxValue ? last + 1 : 0;

    private static (string Type, object Data) Describe(LiveUpdate update, Texts texts) => update switch
    {
        LiveUpdate.Second second => ("second", second.Point),
        LiveUpdate.Event e => ("event", new { At = e.What.At.TotalSeconds, Kind = EventText.Kind(e.What), e.What.Target, e.What.Detail, Graceful = e.What is TimelineEvent.StopRequested { Graceful: true }, Text = EventText.Of(e.What, texts), Of = ChaosWords.Joins(e.What) ?? CrewWords.Joins(e.What), Label = ChaosWords.Label(e.What, texts.Language) ?? CrewWords.Label(e.What, texts.Language), Tone = ChaosWords.Tone(e.What) ?? CrewWords.Tone(e.What), Search = Bracket(e.What) }),
        LiveUpdate.Reporting => ("reporting", new { }),
        LiveUpdate.Finished f => ("finished", Outcome(f.Summary)),
        _ => throw new InvalidOperationException($"An update of a new kind: {update.GetType().Name}"),
    };

    private static SearchBracket? Bracket(TimelineEvent what) => what switch
    {
        TimelineEvent.SearchPlateauEnded e => new(e.Holds, e.Breaks),
        TimelineEvent.SearchEnded e => new(e.Result.Holds, e.Result.Breaks),
        _ => null,
    };

    private static object Outcome(RunSummary? summary) =>
        new { Verdict = summary is null ? null : RunView.Kebab(summary.Verdict), summary?.Reason };

    /// <summary>Goes on to the next; false at the end, and when nobody wants to know any more.</summary>
    internal static async ValueTask<bool> MoreAsync<T>(IAsyncEnumerator<T> updates)
    {
        try
        {
            return await updates.MoveNextAsync();
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}

/// <summary>What a capacity search knows so far: the highest rate that holds, the lowest that breaks.</summary>
internal sealed record SearchBracket(double? Holds, double? Breaks);
