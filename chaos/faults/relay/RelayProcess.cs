using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Pressure.Faults;

/// <summary>
/// The relay as a process of its own in the target's network. It outlives whoever started it, and ends by itself: the delay at the deadline, the process
/// when the kernel leads no more connections to it.
/// </summary>
internal static class RelayProcess
{
    /// <summary>Its inner verb.</summary>
    public const string Verb = "fault-relay";

    // The kernel goes on leading connections here until the second of the deadline is over.
    private static readonly TimeSpan AfterDeadline = TimeSpan.FromMilliseconds(1_200), ToStart = TimeSpan.FromSeconds(20), ToEnd = TimeSpan.FromSeconds(3);

    /// <summary>Runs it: <c>fault-relay HANDLE DELAY JITTER DIRECTION DEADLINE</c>, with milliseconds, and seconds since boot.</summary>
    public static async Task<int> RunAsync(string[] arguments, TimeProvider time)
    {
        var (handle, delay, jitter) = (arguments[1], Milliseconds(arguments[2]), Milliseconds(arguments[3]));
        var left = TimeSpan.FromSeconds(double.Parse(arguments[5], CultureInfo.InvariantCulture)) - Posix.SinceBoot();
        var slow = new Flow(delay, jitter);
        var (outwards, inwards) = (new FlowState(), new FlowState());
        if (arguments[4] != "in")
            outwards.Set(slow);
        if (arguments[4] != "out")
            inwards.Set(slow);
        using var relay = new TransparentRelay(outwards, inwards, TransparentRelay.Mark, time, new Random(int.Parse(handle.AsSpan(0, 7), NumberStyles.HexNumber, CultureInfo.InvariantCulture)));
        using var ended = new CancellationTokenSource();
        using var told = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => { signal.Cancel = true; ended.Cancel(); });
        var (v4, v6) = relay.Listen();
        Console.Out.WriteLine($"ready {v4} {v6}");
        Console.Out.Flush();
        await WaitAsync(left, time, ended.Token);
        outwards.Set(default);
        inwards.Set(default);
        await WaitAsync(AfterDeadline, time, ended.Token);
        await relay.EndAsync();
        return 0;
    }

    /// <summary>Starts one in a network; the ports that it listens on, 0 for IPv6 if that is not there.</summary>
    /// <exception cref="FaultException">It did not start.</exception>
    public static async Task<(int V4, int V6)> StartAsync(NetworkPlace place, FaultIntent intent, TimeSpan delay, TimeSpan jitter, string direction, CancellationToken stop)
    {
        string[] arguments = [Verb, intent.Handle, Text(delay.TotalMilliseconds), Text(jitter.TotalMilliseconds), direction, Text(intent.DeadlineSinceBoot.TotalSeconds)];
        var own = OwnProgram.Start(arguments);
        // A session of its own: what ends this one by a signal to all of its group does not end the relay.
        var start = new ProcessStartInfo("setsid", ["nsenter", place.Entry, own.FileName, .. own.ArgumentList]) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        // What waits lies in memory, and the agent has next to none by its own settings.
        start.Environment["DOTNET_GCHeapHardLimit"] = "0x20000000";
        using var process = Process.Start(start) ?? throw new FaultException("The relay did not start.");
        process.StandardInput.Close();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(ToStart);
        try
        {
            while (await process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
            {
                if (line.Split(' ') is ["ready", var v4, var v6])
                    return (int.Parse(v4, CultureInfo.InvariantCulture), int.Parse(v6, CultureInfo.InvariantCulture));
            }
            throw new FaultException($"The relay did not start: {(await process.StandardError.ReadToEndAsync(limit.Token)).Trim()}");
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new FaultException($"The relay did not start within {ToStart.TotalSeconds:0} s.");
        }
    }

    /// <summary>Ends those of a fault and waits until they are gone; how many there were.</summary>
    /// <exception cref="FaultException">One does not go.</exception>
    public static async Task<int> EndAsync(string handle, TimeProvider time, CancellationToken limit)
    {
        var found = Find(handle);
        if (found.Count == 0)
            return 0;
        await SystemProgram.RunAsync("kill", ["-TERM", .. found.Select(p => Text(p))], limit);
        var began = time.GetTimestamp();
        var told = false;
        while (Find(handle) is { Count: > 0 } left)
        {
            if (time.GetElapsedTime(began) > ToEnd && !told)
            {
                told = true;
                await SystemProgram.RunAsync("kill", ["-KILL", .. left.Select(p => Text(p))], limit);
            }
            if (time.GetElapsedTime(began) > ToEnd * 2)
                throw new FaultException($"the relay process {string.Join(", ", left)} does not end");
            await Task.Delay(TimeSpan.FromMilliseconds(20), time, limit);
        }
        return found.Count;
    }

    /// <summary>Processes that are the relay of a fault: by what they were started with, so that one is found however early its starter died.</summary>
    public static IReadOnlyList<int> Find(string handle) =>
        [.. new DirectoryInfo("/proc").EnumerateDirectories().Select(d => int.TryParse(d.Name, out var id) ? id : 0).Where(id => id > 0 && IsRelay(id, handle))];

    private static bool IsRelay(int process, string handle)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline").Contains($"\0{Verb}\0{handle}\0", StringComparison.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static async Task WaitAsync(TimeSpan span, TimeProvider time, CancellationToken ended)
    {
        if (span <= TimeSpan.Zero || ended.IsCancellationRequested)
            return;
        await Task.Delay(span, time, ended).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private static TimeSpan Milliseconds(string text) => TimeSpan.FromMilliseconds(double.Parse(text, CultureInfo.InvariantCulture));

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);
}
