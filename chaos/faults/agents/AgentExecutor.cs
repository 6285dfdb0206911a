using System.Collections.Concurrent;
using System.Text.Json;

namespace Pressure.Faults;

/// <summary>Has an agent do something.</summary>
/// <param name="command">The command's name.</param>
/// <param name="body">Its arguments.</param>
/// <param name="stop">Waits no longer.</param>
/// <returns>What it gave; or what went wrong, for people.</returns>
public delegate Task<(JsonElement? Body, string? Error)> AskAgent(string command, JsonElement? body, CancellationToken stop);

/// <summary>
/// The executor of an agent's host, seen from its controller. It is told of this process's life four times a lease over the agent's link; when that does
/// not come through, the host reverts by itself, and how its faults ended is asked when the link is back.
/// </summary>
public sealed class AgentExecutor : IFaultExecutor
{
    private static readonly TimeSpan LongestAway = TimeSpan.FromMinutes(2), Patience = TimeSpan.FromSeconds(20);

    private readonly ConcurrentDictionary<string, TaskCompletionSource<FaultEnd>> _ends = new();
    private readonly CancellationTokenSource _over = new();
    private readonly AskAgent _ask;
    private readonly string _session;
    private readonly TimeSpan _lease;
    private readonly TimeProvider _time;
    private readonly Task _renewing;

    private AgentExecutor(string host, AskAgent ask, string session, TimeSpan lease, TimeProvider time)
    {
        (Host, _ask, _session, _lease, _time) = (host, ask, session, lease, time);
        _renewing = Task.Run(RenewAsync);
    }

    /// <inheritdoc/>
    public string Host { get; }

    /// <summary>Opens an executor on an agent's host.</summary>
    /// <param name="host">The agent's name.</param>
    /// <param name="ask">Reaches it.</param>
    /// <param name="lease">How long faults outlive the loss of this process or of the link.</param>
    /// <param name="time">The clock.</param>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="FaultException">It can't be reached, or takes no faults; the message is for people.</exception>
    public static async Task<AgentExecutor> OpenAsync(string host, AskAgent ask, TimeSpan lease, TimeProvider time, CancellationToken stop)
    {
        var (told, error) = await AskAsync(ask, "fault.open", new FaultAsk { Lease = lease }, stop);
        return told?.Session is { } session
            ? new AgentExecutor(host, ask, session, lease, time)
            : throw new FaultException($"Faults can't be applied on {host}: {error ?? "it gives no executor."}");
    }

    /// <summary>Lists what an agent's host has of a kind.</summary>
    /// <exception cref="FaultException">It can't be reached, or takes no faults; the message is for people.</exception>
    public static async Task<IReadOnlyList<InventoryItem>> ListAsync(string host, AskAgent ask, TargetKind kind, CancellationToken stop)
    {
        var (told, error) = await AskAsync(ask, "fault.inventory", new FaultAsk { Kind = kind }, stop);
        stop.ThrowIfCancellationRequested();
        return told?.Items ?? throw new FaultException($"What {host} has can't be listed: {error ?? "it gives no list."}");
    }

    /// <inheritdoc/>
    public async Task<FaultStart> StartAsync(FaultOrder order, CancellationToken stop)
    {
        var handle = FaultHandle.New();
        var end = _ends[handle] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var (told, error) = await AskAsync(_ask, "fault.start", new FaultAsk { Session = _session, Handle = handle, Order = order }, stop);
        switch (told?.Start)
        {
            case FaultStart.InForce inForce:
                return inForce;
            case { } refused:
                _ends.TryRemove(handle, out _);
                return refused;
            case null:
                // The order may have come through, and only the answer been lost.
                return new FaultStart.Failed(stop.IsCancellationRequested ? "It was called off." : $"{Host} gave no answer: {error}", await EndAsync(handle));
        }
    }

    /// <inheritdoc/>
    public async Task<FaultEnd> EndAsync(string handle)
    {
        var (told, _) = await AskAsync(_ask, "fault.end", new FaultAsk { Session = _session, Handle = handle }, CancellationToken.None);
        Learn(told);
        return told?.Ends?.FirstOrDefault(e => e.Handle == handle) ?? await EndOf(handle);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<FaultEnd>> EndAllAsync() =>
        await Task.WhenAll(_ends.Where(e => !e.Value.Task.IsCompleted).Select(e => EndAsync(e.Key)));

    /// <inheritdoc/>
    public Task<FaultEnd> EndOf(string handle) => _ends.GetOrAdd(handle, _ => new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_over.IsCancellationRequested)
        {
            await EndAllAsync();
            await _over.CancelAsync();
            await _renewing;
            await AskAsync(_ask, "fault.close", new FaultAsk { Session = _session }, CancellationToken.None);
            _over.Dispose();
        }
    }

    private static async Task<(FaultTold? Told, string? Error)> AskAsync(AskAgent ask, string command, FaultAsk what, CancellationToken stop)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        if (command == "fault.renew")
            patience.CancelAfter(Patience);
        try
        {
            var (body, error) = await ask(command, JsonSerializer.SerializeToElement(what, FaultJson.Default.FaultAsk), patience.Token);
            return error is null && body is { } given ? (given.Deserialize(FaultJson.Default.FaultTold), null) : (null, error);
        }
        catch (Exception e) when (e is JsonException or OperationCanceledException or IOException)
        {
            return (null, e is OperationCanceledException ? "it does not answer in time" : e.Message);
        }
    }

    private async Task RenewAsync()
    {
        var heard = _time.GetTimestamp();
        try
        {
            using var beat = new PeriodicTimer(_lease / 4, _time);
            while (await beat.WaitForNextTickAsync(_over.Token))
            {
                string[] waiting = [.. _ends.Where(e => !e.Value.Task.IsCompleted).Select(e => e.Key)];
                var (told, error) = await AskAsync(_ask, "fault.renew", new FaultAsk { Session = _session, Handles = waiting }, _over.Token);
                Learn(told);
                if (told is not null)
                    heard = _time.GetTimestamp();
                else if (_time.GetElapsedTime(heard) > LongestAway + _lease)
                    GiveUp(waiting, error);
            }
        }
        catch (OperationCanceledException) when (_over.IsCancellationRequested)
        {
            // It is disposed of.
        }
    }

    private void Learn(FaultTold? told)
    {
        foreach (var end in told?.Ends ?? [])
            _ends.GetOrAdd(end.Handle, _ => new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult(end);
    }

    private void GiveUp(string[] waiting, string? error)
    {
        foreach (var handle in waiting)
        {
            _ends[handle].TrySetResult(new FaultEnd(
                handle,
                new UndoOutcome.Incomplete($"{Host} has been away for long, so whether it is undone can't be told ({error ?? "no answer"})", $"Its executor reverts by itself {_lease.TotalSeconds:0} s after the loss. On {Host}: pressure chaos status"),
                _time.GetUtcNow(),
                "lost controller"));
        }
    }
}
