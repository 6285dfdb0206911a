using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

namespace Pressure.Faults;

/// <summary>Hears what an engine tells of its containers, whatever happens to the engine in between.</summary>
/// <remarks>
/// A stream that ends is asked for anew from the last moment heard of, and what was heard already is left out. An engine keeps its latest 256
/// events, and none across its own restart: what happened while nobody listened beyond that is lost, and <see cref="EngineEvent.Away"/> says so.
/// </remarks>
/// <param name="engine">The engine.</param>
/// <param name="time">The clock.</param>
public sealed class ContainerEvents(DockerApi engine, TimeProvider time)
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(250);
    private static readonly string[] Told = ["create", "start", "kill", "die", "oom", "stop", "pause", "unpause", "restart", "destroy", "rename", "health_status"];

    /// <summary>What happened to a container since a moment, as far as the engine remembers.</summary>
    /// <exception cref="DockerException">The engine can't be asked.</exception>
    public async Task<IReadOnlyList<EngineEvent.Changed>> SinceAsync(string container, DateTimeOffset since, CancellationToken stop)
    {
        List<EngineEvent.Changed> found = [];
        using var stream = await engine.OpenAsync($"{PathFrom(NanoOf(since), container)}&until={Seconds(NanoOf(time.GetUtcNow()))}", stop);
        while (await stream.NextAsync(stop) is { } told)
        {
            if (EngineEvent.Changed.From(told) is { } changed)
                found.Add(changed);
        }
        return found;
    }

    /// <summary>Does something that ends a container, and returns as soon as the engine tells that it has ended, or when it is done.</summary>
    /// <remarks>The engine's answer may come a good while after its event: it cleans up in between.</remarks>
    /// <exception cref="DockerException">The engine can't be asked.</exception>
    public async Task UntilEndedAsync(string container, Func<Task> strike, CancellationToken stop)
    {
        using var listening = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var stream = await engine.OpenAsync(PathFrom(NanoOf(time.GetUtcNow()), container, "die"), stop);
        var ended = stream.NextAsync(listening.Token);
        var striking = strike();
        // Listening that was given up, or broke off, tells of no end: what was done says how it stands then.
        if (await Task.WhenAny(ended, striking) == striking || !ended.IsCompletedSuccessfully || await ended is null)
            await striking;
        await listening.CancelAsync();
        _ = Task.WhenAll(ended, striking).ContinueWith(late => late.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
    }

    /// <summary>Goes on until it is stopped, then ends quietly.</summary>
    /// <param name="since">From when on; what the engine still remembers of it comes first.</param>
    /// <param name="stop">Ends it.</param>
    public async IAsyncEnumerable<EngineEvent> FollowAsync(DateTimeOffset since, [EnumeratorCancellation] CancellationToken stop)
    {
        var heard = new HeardEvents(NanoOf(since));
        var away = false;
        while (!stop.IsCancellationRequested)
        {
            var (stream, trouble) = await TryOpenAsync(PathFrom(heard.Until, null), stop);
            if (trouble is not null && !away)
                yield return trouble;
            if (stream is not null && away)
                yield return new EngineEvent.Back();
            away = stream is null;
            using (stream)
            {
                while (stream is not null && await TryNextAsync(stream, stop) is { } told)
                {
                    if (EngineEvent.Changed.From(told) is { } changed && heard.IsNew(changed))
                        yield return changed;
                }
            }
            await Task.Delay(Between, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<(DockerStream?, EngineEvent.Away?)> TryOpenAsync(string path, CancellationToken stop)
    {
        try
        {
            return (await engine.OpenAsync(path, stop), null);
        }
        catch (DockerException e)
        {
            return (null, new EngineEvent.Away(e.What, e.Remedy));
        }
        catch (OperationCanceledException)
        {
            return (null, null);
        }
    }

    private static async Task<JsonObject?> TryNextAsync(DockerStream stream, CancellationToken stop)
    {
        try
        {
            return await stream.NextAsync(stop);
        }
        catch (Exception e) when (e is DockerException or OperationCanceledException)
        {
            return null;
        }
    }

    private static string PathFrom(long nano, string? container, params string[] told)
    {
        var filters = new JsonObject { ["type"] = new JsonArray("container"), ["event"] = new JsonArray([.. (told is [] ? Told : told).Select(t => (JsonNode)t)]) };
        if (container is not null)
            filters["container"] = new JsonArray(container);
        return $"events?since={Seconds(nano)}&filters={Uri.EscapeDataString(filters.ToJsonString())}";
    }

    private static long NanoOf(DateTimeOffset moment) => (moment - DateTimeOffset.UnixEpoch).Ticks * 100;

    private static string Seconds(long nano) => string.Create(CultureInfo.InvariantCulture, $"{nano / 1_000_000_000}.{nano % 1_000_000_000:000000000}");
}
