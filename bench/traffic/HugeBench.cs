using System.Diagnostics;
using System.Globalization;
using Pressure.TrafficCopy;

namespace Pressure.Bench.Traffic;

/// <summary>Reads a capture that is larger than any disk here up to its exchanges, and tells what memory did meanwhile; then as many zeros.</summary>
internal static class HugeBench
{
    private const int Looks = 10;

    public static void Run(long bytes)
    {
        using var capture = new HugeCapture(bytes);
        var (accounts, watch, looked) = (new CaptureAccounts(), Stopwatch.StartNew(), 0L);
        var pipeline = new CapturePipeline(new ConversationOpener(new Passing(accounts), accounts), accounts);
        var outcome = CaptureFileReader.Read(capture, "huge", pipeline, accounts, new CaptureReadOptions { Progress = Look });
        pipeline.Flush();
        Tell($"{outcome.Bytes / 1e9:0.0} GB of {capture.Length / 1e9:0.0}, {outcome.Packets:N0} packets of {capture.PacketsEach * capture.Rounds:N0}, {accounts[Happening.Exchange]:N0} exchanges of {capture.RequestsEach * capture.Rounds:N0}, balanced {accounts.IsBalanced}, {outcome.Bytes / 1e6 / watch.Elapsed.TotalSeconds:0} MB/s, peak {Peak():0} MB");
        foreach (var problem in outcome.Problems)
            Tell($"{problem}");
        Zeros(bytes);

        void Look(long at)
        {
            if (at * Looks / bytes <= looked)
                return;
            looked = at * Looks / bytes;
            Tell($"at {at / 1e9,5:0.0} GB: {accounts[Happening.Exchange]:N0} exchanges, resident {Resident():0} MB, heap {GC.GetTotalMemory(false) / 1e6:0} MB");
        }
    }

    /// <summary>A file that has been made that long and never been filled.</summary>
    private static void Zeros(long bytes)
    {
        var path = Path.Combine(Path.GetTempPath(), $"pressure-huge-{Environment.ProcessId}.pcap");
        try
        {
            using (var file = File.Create(path))
            {
                HttpMix.Begin(file);
                file.SetLength(bytes);
            }
            var (accounts, watch) = (new CaptureAccounts(), Stopwatch.StartNew());
            var outcome = CaptureFileReader.Read(path, new Passing(accounts), accounts);
            Tell($"zeros: {outcome.Bytes / 1e9:0.0} GB, {outcome.Packets} packets, {watch.Elapsed.TotalSeconds:0} s, peak {Peak():0} MB: {string.Join(' ', outcome.Problems.Select(p => p.What))}");
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static double Resident() => Environment.WorkingSet / 1e6;

    private static double Peak()
    {
        using var self = Process.GetCurrentProcess();
        return self.PeakWorkingSet64 / 1e6;
    }

    private static void Tell(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
