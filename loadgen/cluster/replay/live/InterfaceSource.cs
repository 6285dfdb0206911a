using Pressure.LoadGen;
using Pressure.TrafficCopy;

namespace Pressure.Cluster;

/// <summary>What passes an interface of this machine.</summary>
public sealed class InterfaceSource : ILiveSource
{
    private readonly LiveCapture _capture;
    private readonly CapturePipelineOptions _options;
    private readonly CaptureAccounts _accounts = new();
    private readonly CancellationTokenSource _stop = new();
    private Thread? _thread;
    private string? _trouble;
    private volatile bool _ended;
    private bool _isDisposed;

    private InterfaceSource(string name, LiveCapture capture, CapturePipelineOptions options) => (Name, _capture, _options) = (name, capture, options);

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public LiveStanding Standing => new(_accounts[Happening.DroppedByCapture], _accounts[PacketFate.Shed], 0, Volatile.Read(ref _trouble), _ended);

    /// <summary>Opens it; why it can't be opened, for people.</summary>
    public static (InterfaceSource? Source, LiveCaptureProblem? Problem) Open(LiveOrder order, bool keepRaw, TimeProvider time)
    {
        var asked = new AskedServers { Ports = order.Ports, Networks = [.. order.Servers.Select(s => System.Net.IPNetwork.TryParse(s, out var network) ? network : System.Net.IPNetwork.Parse($"{s}/{(s.Contains(':', StringComparison.Ordinal) ? 128 : 32)}"))] };
        var live = new LiveCaptureOptions { Interface = order.Interface, Filter = new() { Ports = order.Ports, Hosts = [.. asked.Networks.Select(n => n.ToString())] } };
        var options = new CapturePipelineOptions { Asked = asked, Conversations = new() { KeepRaw = keepRaw, KeepUpgraded = keepRaw } };
        return LiveCapture.Open(live, time) switch
        {
            LiveOpening.Opened opened => (new(order.Interface, opened.Capture, options), null),
            LiveOpening.Refused refused => (null, refused.Problem),
            _ => throw new InvalidOperationException("An opening is one or the other."),
        };
    }

    /// <inheritdoc/>
    public void Start(IExchangeSink to)
    {
        _thread = new(() => Run(to)) { IsBackground = true, Name = "live capture" };
        _thread.Start();
    }

    /// <inheritdoc/>
    public void Stop()
    {
        if (_isDisposed)
            return;
        _stop.Cancel();
        _thread?.Join();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Stop();
        if (_isDisposed)
            return;
        _isDisposed = true;
        _capture.Dispose();
        _stop.Dispose();
    }

    private void Run(IExchangeSink to)
    {
        try
        {
            var pipeline = CapturePipeline.ToExchanges(to, _accounts, _options);
            var outcome = pipeline.Capture(_capture, _stop.Token);
            pipeline.Flush();
            Volatile.Write(ref _trouble, outcome.Problem?.ToString());
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The other sources go on, and the run tells why this one did not.
            Volatile.Write(ref _trouble, e.Message);
        }
        finally
        {
            // The kernel must not keep packets that nobody reads for as long as the run goes on.
            _capture.Dispose();
            _ended = true;
        }
    }
}
