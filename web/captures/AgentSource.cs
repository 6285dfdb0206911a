using Pressure.Agent;
using Pressure.Cluster;
using Pressure.LoadGen;
using Pressure.TrafficCopy;

namespace Pressure.Web.Captures;

/// <summary>What passes on an agent's host, for a replay that goes on meanwhile.</summary>
public sealed class AgentSource(AgentCaptureSource source) : ILiveSource
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;
    private volatile CaptureEnding? _ending;

    /// <inheritdoc/>
    public string Name => source.Agent;

    /// <inheritdoc/>
    public LiveStanding Standing
    {
        get
        {
            var (counts, ending) = (source.Latest.Counts, _ending);
            return new(counts?.Kernel ?? 0, counts?.Shed ?? 0, counts?.Dropped ?? 0, ending is null ? source.Trouble : ending.Why, ending is not null);
        }
    }

    /// <summary>Begins captures on all hosts that a plan names. When one can't be, the others are ended again.</summary>
    /// <param name="order">What.</param>
    /// <param name="keepRaw">Whether raw TCP is replayed too.</param>
    /// <param name="send">The way to agents.</param>
    /// <param name="time">The clock.</param>
    /// <param name="stop">Gives up.</param>
    /// <returns>The sources, in the plan's order; none with what is wrong, for people.</returns>
    public static async Task<(IReadOnlyList<ILiveSource> Sources, IReadOnlyList<string> Problems)> OpenAllAsync(LiveOrder order, bool keepRaw, AskAgent send, TimeProvider time, CancellationToken stop)
    {
        var ask = AskOf(order, keepRaw);
        var opened = await Task.WhenAll(order.Agents.Select(a => AgentCaptureSource.StartAsync(a, ask, send, time, stop)));
        var sources = opened.Select(o => o.Source).OfType<AgentCaptureSource>().ToList();
        if (opened.Select(o => o.Problem).OfType<string>().ToList() is not { Count: > 0 } problems)
            return ([.. sources.Select(s => new AgentSource(s))], []);
        await Task.WhenAll(sources.Select(s => s.CancelAsync()));
        return ([], problems);
    }

    /// <summary>What an agent is asked for.</summary>
    public static CaptureAsk AskOf(LiveOrder order, bool keepRaw) => new() { Interface = order.Interface, Ports = order.Ports, Servers = order.Servers, Tcp = keepRaw };

    /// <inheritdoc/>
    public void Start(IExchangeSink to) => _running = Task.Run(async () =>
    {
        try
        {
            _ending = await source.RunAsync(to, _stop.Token);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The other sources go on, and the run tells why this one did not.
            _ending = new(source.Agent, e.Message, IsWhole: false, source.Exchanges, Account: null);
        }
    });

    /// <inheritdoc/>
    public void Stop()
    {
        _stop.Cancel();
        // An agent that does not answer ends its capture by itself.
        _running.Wait(Patience);
    }

    /// <inheritdoc/>
    public void Dispose() => Stop();
}
