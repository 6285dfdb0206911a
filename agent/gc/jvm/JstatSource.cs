using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Pressure.Record;

namespace Pressure.Agent;

/// <summary>
/// <c>jstat -gc PID 1000</c>, the last resort: a line a second with counts and times of young, full and concurrent pauses. It needs a JDK and the
/// user of the JVM. Pauses of a second share their time evenly.
/// </summary>
internal sealed class JstatSource : IJvmSource
{
    private const int MostAtOnce = 1000;
    private const int MostWaiting = 1000;
    private static readonly (string Count, string Time, GcKind Kind)[] Columns = [("YGC", "YGCT", GcKind.Young), ("FGC", "FGCT", GcKind.Full), ("CGC", "CGCT", GcKind.Cleanup)];
    private static readonly string[] Used = ["S0U", "S1U", "EU", "OU"];
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly Action<LoggedGc> _take;
    private readonly Process? _jstat;
    private readonly Dictionary<string, (double Count, double Seconds)> _last = [];
    private string[]? _header;

    /// <summary>Reads lines that are given to it; for tests and for <see cref="Start"/>.</summary>
    public JstatSource(Action<LoggedGc> take, Process? jstat = null) => (_take, _jstat) = (take, jstat);

    /// <summary>Null if there is no jstat.</summary>
    public static JstatSource? Start(int pid, Action<LoggedGc> take)
    {
        var process = new Process { StartInfo = new ProcessStartInfo("jstat", ["-J-Xmx32m", "-gc", $"{pid}", "1000"]) { RedirectStandardOutput = true, RedirectStandardError = true } };
        var source = new JstatSource(take, process);
        process.OutputDataReceived += (_, e) => source.Add(e.Data);
        process.ErrorDataReceived += (_, _) => { };
        try
        {
            process.Start();
        }
        catch (Win32Exception)
        {
            process.Dispose();
            return null;
        }

        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return source;
    }

    /// <summary>A line of its output.</summary>
    public void Add(string? line)
    {
        if (line is not null && _lines.Count < MostWaiting)
            _lines.Enqueue(line);
    }

    public bool Look()
    {
        while (_lines.TryDequeue(out var line))
        {
            var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields.Contains("YGC"))
                _header = fields;
            else if (_header is not null && fields.Length == _header.Length)
                TakeLine(_header, fields);
        }

        return _jstat is null or { HasExited: false };
    }

    public void Dispose()
    {
        try
        {
            _jstat?.Kill();
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself, with the JVM.
        }

        _jstat?.Dispose();
    }

    private void TakeLine(string[] header, string[] fields)
    {
        foreach (var (countName, timeName, kind) in Columns)
        {
            if (Value(countName) is not { } count || Value(timeName) is not { } seconds)
                continue;
            var isFirst = !_last.TryGetValue(countName, out var before);
            _last[countName] = (count, seconds);
            if (isFirst || count <= before.Count)
                continue;
            var many = (int)Math.Min(count - before.Count, MostAtOnce);
            var pause = TimeSpan.FromSeconds(Math.Clamp(seconds - before.Seconds, 0, 3600) / many);
            var used = Used.Select(Value).OfType<double>().Sum() * 1024;
            for (var n = 0; n < many; n++)
                _take(new LoggedGc(kind, Collectors.Unknown, "", default, pause, pause, null, n == many - 1 ? new HeapUse(null, (long)Math.Clamp(used, 0, 1e18), null) : default));
        }

        double? Value(string name) =>
            Array.IndexOf(header, name) is >= 0 and var column && double.TryParse(fields[column].Replace(',', '.'), NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
                && double.IsFinite(value) ? value : null;
    }
}
