using System.Diagnostics;
using Pressure.Bench.Traffic;
using Pressure.TrafficCopy;

// Writes a capture, or reads one as far as asked and prints what that took, one line of key=value a round.
switch (args)
{
    case ["write", var megabytes, var path]:
        var mix = new HttpMix(seed: 1, connections: 200);
        mix.Write(path, long.Parse(megabytes) << 20);
        Console.WriteLine($"packets={mix.Packets} requests={mix.Requests}");
        return 0;
    case ["read", var path, .. var rounds]:
        Measure(path, rounds, accounts => new Passing(accounts));
        return 0;
    case ["decode", var path, .. var rounds]:
        Measure(path, rounds, accounts => new PacketDecoder(new Passing(accounts), accounts));
        return 0;
    case ["exchanges", var path, .. var rounds]:
        Measure(path, rounds, accounts => new CapturePipeline(new ConversationOpener(new Passing(accounts), accounts), accounts));
        return 0;
    case ["huge", var gigabytes]:
        HugeBench.Run(long.Parse(gigabytes) << 30);
        return 0;
    case ["store" or "store-packed", var path, var to]:
        StoreBench.Write(path, to, args[0] == "store-packed");
        return 0;
    case ["by-time", var path, .. var rounds]:
        for (var round = rounds is [var times] ? int.Parse(times) : 1; round > 0; round--)
            StoreBench.Read(path);
        return 0;
    case ["live", var name, var port, var seconds, .. var side]:
        return Live(name, int.Parse(port), int.Parse(seconds), requestsOnly: side is ["requests"]);
    default:
        Console.Error.WriteLine("usage: Pressure.Bench.Traffic write MEGABYTES FILE\n       Pressure.Bench.Traffic read|decode|exchanges FILE [ROUNDS]\n       Pressure.Bench.Traffic huge GIBIBYTES\n       Pressure.Bench.Traffic live INTERFACE PORT SECONDS [requests]\n       Pressure.Bench.Traffic store|store-packed FILE CAPTURE\n       Pressure.Bench.Traffic by-time CAPTURE [ROUNDS]");
        return 2;
}

static void Measure(string path, string[] rounds, Func<CaptureAccounts, IPacketSink> sink)
{
    for (var round = rounds is [var times] ? int.Parse(times) : 1; round > 0; round--)
    {
        var accounts = new CaptureAccounts();
        var process = Process.GetCurrentProcess();
        var (allocated, processor, watch) = (GC.GetTotalAllocatedBytes(), process.TotalProcessorTime, Stopwatch.StartNew());
        var taker = sink(accounts);
        var outcome = CaptureFileReader.Read(path, taker, accounts);
        (taker as CapturePipeline)?.Flush();
        var seconds = watch.Elapsed.TotalSeconds;
        process.Refresh();
        var cpu = (process.TotalProcessorTime - processor).TotalSeconds;
        Console.WriteLine(
            $"MB/s={outcome.Bytes / 1e6 / seconds:F0} MB/cpu-s={outcome.Bytes / 1e6 / cpu:F0} seconds={seconds:F3} cpu={cpu:F3} packets={outcome.Packets} "
            + $"payload={accounts.PayloadBytes} exchanges={accounts[Happening.Exchange]} balanced={accounts.IsBalanced} allocatedKB={(GC.GetTotalAllocatedBytes() - allocated) / 1024} peakMB={process.PeakWorkingSet64 >> 20}");
    }
}

static int Live(string name, int port, int seconds, bool requestsOnly)
{
    var options = new LiveCaptureOptions { Interface = name, Filter = new LiveFilter { Ports = [port], RequestsOnly = requestsOnly }, MaxTime = TimeSpan.FromSeconds(seconds) };
    if (LiveCapture.Open(options, TimeProvider.System) is not LiveOpening.Opened { Capture: var capture })
        return 1;
    var accounts = new CaptureAccounts();
    var pipeline = new CapturePipeline(new ConversationOpener(new Passing(accounts), accounts), accounts);
    var outcome = pipeline.Capture(capture, default);
    pipeline.Flush();
    var process = Process.GetCurrentProcess();
    Console.WriteLine(
        $"packets={outcome.Packets} MB={outcome.Bytes / 1e6:F0} exchanges={accounts[Happening.Exchange]} incomplete={accounts[Happening.IncompleteExchange]} dropped={accounts[Happening.DroppedByCapture]} "
        + $"shed={accounts[PacketFate.Shed]} rests={accounts[Happening.Rest]} balanced={accounts.IsBalanced} cpu={process.TotalProcessorTime.TotalSeconds / seconds:P1} peakMB={process.PeakWorkingSet64 >> 20}");
    return 0;
}
