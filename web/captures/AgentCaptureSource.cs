using System.Text.Json;
using Pressure.Agent;
using Pressure.TrafficCopy;

namespace Pressure.Web.Captures;

/// <summary>Has an agent do something: what it gave, or what went wrong, for people.</summary>
public delegate Task<(JsonElement? Body, string? Error)> AskAgent(string agent, string command, JsonElement? body, CancellationToken stop);

/// <summary>
/// A capture on an agent's host, as whoever wants its exchanges has it: fetches them as they come, on this machine's clock. What was lost on the way is asked for again; an
/// agent that is away is waited for as long as it keeps what it has.
/// </summary>
public sealed class AgentCaptureSource
{
    // The first answer may have waited for a connection; of some the quickest tells the time.
    private const int Probes = 3;

    // So many bytes at once are worth asking for more without a rest.
    private const int Much = 64 << 10;

    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(1);

    // Of one that is gone on with: the agent may still be on its way back.
    private static readonly TimeSpan Return = TimeSpan.FromMinutes(2);

    private readonly AskAgent _send;
    private readonly TimeProvider _time;
    private readonly TimeSpan _patience;
    private readonly HostClock _clock;
    private readonly long _from;
    private readonly long _before;
    private string? _trouble;

    private AgentCaptureSource(string agent, CaptureTold begun, CaptureAsk ask, AskAgent send, TimeProvider time)
    {
        (Agent, Latest, _send, _time, Lease) = (agent, begun, send, time, TimeSpan.FromSeconds(ask.Lease));
        _patience = Lease;
        (Masked, _clock) = (begun.Masked ?? [], new(time));
    }

    private AgentCaptureSource(RecordingNote note, AskAgent send, TimeProvider time)
    {
        (Agent, Latest, _send, _time, _clock) = (note.Agent, new() { Capture = note.Capture, What = note.What }, send, time, new(time));
        (Masked, _from, _before) = (note.Masked, note.Place, note.Exchanges);
        (Bytes, Exchanges) = (_from, _before);
        Lease = TimeSpan.FromSeconds(note.Lease);
        _patience = Lease > Return ? Lease : Return;
    }

    /// <summary>The agent's name.</summary>
    public string Agent { get; }

    /// <summary>What was told last.</summary>
    public CaptureTold Latest { get; private set; }

    /// <summary>The agent's name of the capture.</summary>
    public string Id => Latest.Capture!;

    /// <summary>How long the agent keeps what it has while nobody asks.</summary>
    public TimeSpan Lease { get; }

    /// <summary>What is masked, for people.</summary>
    public IReadOnlyList<string> Masked { get; }

    /// <summary>Exchanges that have come.</summary>
    public long Exchanges { get; private set; }

    /// <summary>Bytes that have come.</summary>
    public long Bytes { get; private set; }

    /// <summary>Why nothing comes at the moment; null while it does.</summary>
    public string? Trouble => Volatile.Read(ref _trouble);

    /// <summary>Begins a capture; why it can't be, for people.</summary>
    public static async Task<(AgentCaptureSource? Source, string? Problem)> StartAsync(string agent, CaptureAsk ask, AskAgent send, TimeProvider time, CancellationToken stop)
    {
        var (body, error) = await send(agent, "capture.start", JsonSerializer.SerializeToElement(ask, CaptureCommandJson.Default.CaptureAsk), stop);
        if (error is not null)
            return (null, $"{agent}: {error}");
        return Read(body) is { Capture: not null } begun ? (new(agent, begun, ask, send, time), null) : (null, $"{agent}: It answers something that makes no sense.");
    }

    /// <summary>Goes on with a capture that another process had begun, where that one had got to.</summary>
    internal static AgentCaptureSource GoOn(RecordingNote note, AskAgent send, TimeProvider time) => new(note, send, time);

    /// <summary>Fetches until it is told to stop (then it has the capture ended, and fetches the rest), the capture ends, or the agent has been away for too long.</summary>
    public Task<CaptureEnding> RunAsync(IExchangeSink to, CancellationToken stop) => RunAsync(to, settle: null, stop);

    /// <summary>The same, for somebody who keeps what comes: the agent does not forget what has not been settled. In no hurry, so that little is settled at once.</summary>
    /// <param name="to">Takes the exchanges.</param>
    /// <param name="settle">Keeps what was taken up to this place of the stream. Is also called with the place that is kept already, before anything is taken.</param>
    /// <param name="stop">Ends it.</param>
    internal async Task<CaptureEnding> RunAsync(IExchangeSink to, Action<long>? settle, CancellationToken stop)
    {
        var reader = new ExchangeStreamReader(new OnThisClock(to, _clock), _from);
        var heard = _time.GetTimestamp();
        var (asked, isStopped) = (0, false);
        while (true)
        {
            if (stop.IsCancellationRequested && !isStopped)
                isStopped = (await SendAsync("capture.stop", new CaptureFetch { Capture = Id })).Told is not null;
            var (told, error) = await SendAsync("capture.read", new CaptureFetch { Capture = Id, From = reader.Taken, Wait = stop.IsCancellationRequested || asked++ < Probes ? 0 : 1_000 });
            Volatile.Write(ref _trouble, error);
            if (told is null)
            {
                // It keeps what it has as long as its lease; a moment longer nobody waits.
                if (_time.GetElapsedTime(heard) > _patience)
                    return Broken($"nothing could be fetched for {_patience.TotalSeconds:0} s: {error}");
                await Task.Delay(Rest, _time, CancellationToken.None);
                continue;
            }

            heard = _time.GetTimestamp();
            _clock.Learn(told.Now);
            if (told.Capture is null)
                return Broken(told.Why ?? "it has no such capture");
            if (asked <= Probes && !told.Ended)
                continue;
            settle?.Invoke(reader.HandedOn);
            if (Take(reader, told) is { } wrong)
                return Broken(wrong);
            Latest = told with { Bytes = null, What = told.What ?? Latest.What };
            settle?.Invoke(reader.HandedOn);
            if (told.Over)
                return await EndAsync(told);
            if (settle is not null && !told.Ended && told.Bytes is not { Length: >= Much })
                await Task.Delay(Rest, _time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (told.Ended && told.Bytes is not { Length: > 0 })
                return Broken("it has ended, but what it sends has no end");
        }
    }

    /// <summary>Ends it without fetching anything.</summary>
    public async Task CancelAsync() => await SendAsync("capture.close", new CaptureFetch { Capture = Id });

    /// <summary>Takes what has come; what is wrong with it.</summary>
    private string? Take(ExchangeStreamReader reader, CaptureTold told)
    {
        try
        {
            reader.Take(told.Bytes);
            return null;
        }
        catch (InvalidDataException e)
        {
            return $"what it sends makes no sense: {e.Message}";
        }
        finally
        {
            (Exchanges, Bytes) = (_before + reader.Exchanges, reader.Taken);
        }
    }

    private async Task<CaptureEnding> EndAsync(CaptureTold told)
    {
        await SendAsync("capture.close", new CaptureFetch { Capture = Id });
        return new(Agent, told.Why, IsWhole: true, Exchanges, told.Account);
    }

    private CaptureEnding Broken(string why) => new(Agent, why, IsWhole: false, Exchanges, Account: null);

    private async Task<(CaptureTold? Told, string? Error)> SendAsync(string command, CaptureFetch fetch)
    {
        // Not ended by anybody: the answer has what was captured.
        var (body, error) = await _send(Agent, command, JsonSerializer.SerializeToElement(fetch, CaptureCommandJson.Default.CaptureFetch), CancellationToken.None);
        if (error is not null)
            return (null, error);
        return Read(body) is { } told ? (told, null) : (null, "it answers something that makes no sense");
    }

    private static CaptureTold? Read(JsonElement? body)
    {
        try
        {
            return body?.Deserialize(CaptureCommandJson.Default.CaptureTold);
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            return null;
        }
    }

    private sealed class OnThisClock(IExchangeSink to, HostClock clock) : IExchangeSink
    {
        public void Take(CapturedExchange exchange)
        {
            var offset = clock.Offset;
            unchecked
            {
                (exchange.At, exchange.RequestEnd) = (exchange.At + offset, exchange.RequestEnd + offset);
                if (exchange.HasResponse)
                    (exchange.ResponseAt, exchange.ResponseEnd) = (exchange.ResponseAt + offset, exchange.ResponseEnd + offset);
            }

            to.Take(exchange);
        }

        public void EndConnection(long connection, long at) => to.EndConnection(connection, at + clock.Offset);
    }
}

/// <summary>How a capture on an agent's host ended.</summary>
/// <param name="Agent">The agent.</param>
/// <param name="Why">Why, for people; null when it was told to.</param>
/// <param name="IsWhole">Whether all that was captured has come; else it broke off.</param>
/// <param name="Exchanges">Exchanges that have come.</param>
/// <param name="Account">The host's account; null when it broke off.</param>
public sealed record CaptureEnding(string Agent, string? Why, bool IsWhole, long Exchanges, CaptureSettlement? Account)
{
    /// <summary>What is told at the end of a file of it.</summary>
    public CaptureOutcome Outcome()
    {
        if (Account is null)
            return new();
        var accounts = new CaptureAccounts();
        Account.Accounts.AddTo(accounts);
        return new() { Accounts = accounts.Packets > 0 ? accounts : null, LeftOut = Account.LeftOut, MaskedCounts = Account.Masked };
    }
}
