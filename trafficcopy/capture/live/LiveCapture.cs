namespace Pressure.TrafficCopy;

/// <summary>
/// Captures packets of an interface as they pass, on one thread, and hands them on. Never disturbs the host: the kernel filters, its buffer is bounded, the thread
/// stays within its share of a core, and what is dropped, by whomever, is counted.
/// </summary>
/// <code>
/// kernel: filter -> buffer (full: dropped, counted) -> this thread: IPacketSink -> ... -> ConnectionShedding -> Reassembler
///                                                       ^-- CpuGuard: rest; if that does not do, fewer connections
/// </code>
public sealed class LiveCapture : IDisposable
{
    private const int Batch = 256;
    private const int Patience = 100;
    private const long Second = 1_000_000_000;

    private readonly PcapHandle _handle;
    private readonly LiveCaptureOptions _options;
    private readonly TimeProvider _time;
    private readonly LinkType _link;
    private readonly int _fractionUnit;
    private readonly LastReading _last;
    private long _packets;
    private long _bytes;
    private long _lastAt;
    private uint _dropped;
    private long _counted;

    private LiveCapture(PcapHandle handle, LiveCaptureOptions options, TimeProvider time)
    {
        (_handle, _options, _time) = (handle, options, time);
        (_link, _fractionUnit) = (handle.Link, handle.FractionUnit);
        _last = new(time, TimeSpan.FromMilliseconds(2 * Patience));
    }

    /// <summary>Opens an interface. From then on packets are kept for <see cref="Run"/>.</summary>
    public static LiveOpening Open(LiveCaptureOptions options, TimeProvider time) => Open(options, time, PcapLibrary.Names);

    internal static LiveOpening Open(LiveCaptureOptions options, TimeProvider time, IEnumerable<string> libraries)
    {
        if (options.Filter.Problem is { } wrong)
            return new LiveOpening.Refused(new LiveCaptureProblem(wrong, "Correct it."));
        if (!OperatingSystem.IsLinux() || PcapLibrary.Load(libraries) is not { } library)
            return new LiveOpening.Refused(new LiveCaptureProblem("libpcap 1.5 or later is missing, so nothing can be captured here.", "Install it: apt-get install -y libpcap0.8. Files of tcpdump can be read without."));
        var (handle, problem) = PcapHandle.Open(library, options);
        return handle is null ? new LiveOpening.Refused(problem!) : new LiveOpening.Opened(new LiveCapture(handle, options, time));
    }

    /// <summary>Captures until it is told to stop or has enough, on the calling thread.</summary>
    /// <param name="sink">Takes the packets.</param>
    /// <param name="accounts">Where drops, rests and times that run backwards are counted.</param>
    /// <param name="shedding">Lets go of connections when the thread takes too much of a core; null to only rest then.</param>
    /// <param name="tick">Is told the time, in nanoseconds since 1970, now and then while no packet comes.</param>
    /// <param name="stop">Ends it.</param>
    public LiveCaptureOutcome Run(IPacketSink sink, CaptureAccounts accounts, ConnectionShedding? shedding, Action<long>? tick, CancellationToken stop)
    {
        var guard = new CpuGuard(_options.CpuShare);
        var began = _counted = _time.GetTimestamp();
        while (true)
        {
            _last.Begin();
            var (state, there) = Drain(sink, accounts);
            if (state == PcapNext.Broken)
                return End(LiveCaptureEnd.Broken, accounts, _handle.Broken());
            if (WhyEnd(state == PcapNext.Nothing, began, stop) is { } end)
                return End(end, accounts, null);
            // Asking costs the kernel more than a packet does.
            if (_time.GetElapsedTime(_counted).TotalSeconds >= 1)
                CountDrops(accounts);
            KeepWithinShare(guard, accounts, shedding, stop);
            if (there > 0)
                continue;
            tick?.Invoke(Quiet());
            KernelCalls.WaitForInput(_handle.Descriptor, Patience);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    private (PcapNext State, int Packets) Drain(IPacketSink sink, CaptureAccounts accounts)
    {
        for (var count = 0; ; count++)
        {
            if (count == Batch || _packets >= _options.MaxPackets || _bytes >= _options.MaxBytes)
                return (PcapNext.Packet, count);
            var state = _handle.Next(out var header, out var data);
            if (state != PcapNext.Packet)
                return (state, count);
            var at = header.Seconds * Second + header.Fraction * _fractionUnit;
            if (at < _lastAt)
                accounts.Count(Happening.TimeWentBack);
            _lastAt = at;
            _packets++;
            _bytes += data.Length;
            sink.Take(new CapturedPacket(at, _link, data, header.Length));
        }
    }

    private LiveCaptureOutcome End(LiveCaptureEnd end, CaptureAccounts accounts, LiveCaptureProblem? problem)
    {
        CountDrops(accounts);
        return new LiveCaptureOutcome(end, _packets, _bytes, problem);
    }

    // Up to when nothing more will come: a packet waits in the kernel until its block is full or old.
    private long Quiet() => Math.Max(_lastAt, (_time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100 - 2 * Patience * 1_000_000L);

    private LiveCaptureEnd? WhyEnd(bool foundEnd, long began, CancellationToken stop)
    {
        if (_packets >= _options.MaxPackets)
            return LiveCaptureEnd.Packets;
        if (_bytes >= _options.MaxBytes)
            return LiveCaptureEnd.Bytes;
        // What passed before it was told to stop, or before its time was over, may still wait in the kernel.
        if (stop.IsCancellationRequested)
            _last.Ask(LiveCaptureEnd.Stopped);
        else if (_time.GetElapsedTime(began) >= _options.MaxTime)
            _last.Ask(LiveCaptureEnd.Time);
        return _last.After(foundEnd, _lastAt);
    }

    private void KeepWithinShare(CpuGuard guard, CaptureAccounts accounts, ConnectionShedding? shedding, CancellationToken stop)
    {
        var rest = guard.Rest((long)_time.GetElapsedTime(0).TotalNanoseconds, KernelCalls.ThreadTime());
        if (shedding is not null)
            shedding.Halvings = guard.Halvings;
        if (rest == 0)
            return;
        accounts.Count(Happening.Rest);
        stop.WaitHandle.WaitOne(TimeSpan.FromTicks(rest / 100));
    }

    // The kernel counts from the beginning, in numbers that wrap around.
    private void CountDrops(CaptureAccounts accounts)
    {
        _counted = _time.GetTimestamp();
        if (_handle.Counts() is not { } counts)
            return;
        var dropped = counts.Dropped + counts.DroppedByInterface;
        accounts.Count(Happening.DroppedByCapture, dropped - _dropped);
        _dropped = dropped;
    }
}
