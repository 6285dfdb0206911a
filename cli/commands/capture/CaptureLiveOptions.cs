using System.CommandLine;
using System.Globalization;
using Pressure.Cli.Replay;
using Pressure.TrafficCopy;

namespace Pressure.Cli.Commands;

/// <summary>Options of capturing live.</summary>
internal sealed class CaptureLiveOptions
{
    private readonly Option<string?> _interface = One("--interface", "Capture what passes this interface instead of reading files: a name as ip link lists them, or any", "NAME");
    private readonly Option<string?> _filter = One("--packets", "Capture only packets like this, in tcpdump's language: 'not net 10.9.0.0/16'", "EXPRESSION");
    private readonly Option<bool> _requestsOnly = new("--requests-only") { Description = "Capture only what is sent to the servers, without their answers: at a fraction of the cost" };
    private readonly Option<string?> _duration = One("--duration", "End after this time: 30s, 5m, 1h", "TIME");
    private readonly Option<string?> _packets = One("--max-packets", "End after so many packets", "NUMBER");
    private readonly Option<string?> _bytes = One("--max-bytes", "End after so many bytes of packets: 500M, 2G", "BYTES");
    private readonly Option<string?> _cpu = One("--cpu", "Most of one core that capturing takes: 50% when not given", "PERCENT");
    private readonly Option<string?> _buffer = One("--buffer", "Memory of the kernel in which packets wait: 32M when not given", "BYTES");

    /// <summary>The one without which the others mean nothing.</summary>
    public string Interface => _interface.Name;

    /// <summary>Puts them all into a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in All)
            command.Options.Add(option);
    }

    /// <summary>Whether it is to be captured live.</summary>
    public bool IsAsked(ParseResult parsed) => parsed.GetValue(_interface) is not null;

    /// <summary>What only this machine can do.</summary>
    public Option PacketsOption => _packets;

    /// <summary>What was typed, and all that can't be understood of it; null when nothing is to be captured live.</summary>
    /// <param name="parsed">What was typed.</param>
    /// <param name="asked">Whose connections are asked for.</param>
    /// <param name="usual">The interface when none is named; null when that means that nothing is captured live.</param>
    /// <param name="problems">Takes what is wrong.</param>
    public LiveCaptureOptions? Read(ParseResult parsed, AskedServers asked, string? usual, List<OptionProblem> problems)
    {
        if ((parsed.GetValue(_interface) ?? usual) is not { } name)
        {
            foreach (var option in All.Where(o => parsed.GetResult(o) is { Implicit: false }))
                problems.Add(new(option.Name, "means nothing for files", $"Give {_interface.Name} too, or leave it out."));
            return null;
        }

        if (name.Length == 0)
            problems.Add(new(_interface.Name, "is empty", "Write a name as ip link lists them, or any."));
        var standard = new LiveCaptureOptions { Interface = name };
        return standard with
        {
            Filter = new() { Ports = asked.Ports, Hosts = [.. asked.Networks.Select(n => n.ToString())], Expression = parsed.GetValue(_filter) ?? "", RequestsOnly = parsed.GetValue(_requestsOnly) },
            MaxTime = Typed(parsed, _duration, Time, "Write a time such as 30s, 5m or 1h.", problems) ?? standard.MaxTime,
            MaxPackets = Typed(parsed, _packets, Whole, "Write a whole number above 0.", problems) ?? standard.MaxPackets,
            MaxBytes = Typed(parsed, _bytes, Size, "Write a number of bytes such as 500M or 2G.", problems) ?? standard.MaxBytes,
            CpuShare = Typed(parsed, _cpu, Share, "Write a share of one core from 1% to 100%.", problems) ?? standard.CpuShare,
            BufferBytes = (int?)Typed(parsed, _buffer, Buffer, "Write a number of bytes from 1M to 1G.", problems) ?? standard.BufferBytes,
        };
    }

    private IEnumerable<Option> All => [_interface, _filter, _requestsOnly, _duration, _packets, _bytes, _cpu, _buffer];

    private static T? Typed<T>(ParseResult parsed, Option<string?> option, Func<string, T?> read, string remedy, List<OptionProblem> problems) where T : struct
    {
        if (parsed.GetValue(option) is not { } text)
            return null;
        if (read(text) is { } value)
            return value;
        problems.Add(new(option.Name, $"'{text}' can't be read", remedy));
        return null;
    }

    private static TimeSpan? Time(string text)
    {
        var unit = text switch
        {
            [.., 'm', 's'] => 0.001,
            [.., 's'] => 1,
            [.., 'm'] => 60,
            [.., 'h'] => 3_600,
            _ => 0,
        };
        return Number(text.TrimEnd('m', 's', 'h')) * unit is > 0 and <= 366 * 86_400 and var seconds ? TimeSpan.FromSeconds(seconds) : null;
    }

    private static long? Whole(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : null;

    private static long? Size(string text)
    {
        var unit = text switch
        {
            [.., 'K' or 'k'] => 1L << 10,
            [.., 'M' or 'm'] => 1L << 20,
            [.., 'G' or 'g'] => 1L << 30,
            _ => 1,
        };
        return Number(unit == 1 ? text : text[..^1]) * unit is >= 1 and <= 1L << 60 and var bytes ? (long)bytes : null;
    }

    private static long? Buffer(string text) => Size(text) is >= 1 << 20 and <= 1 << 30 and var bytes ? bytes : null;

    private static double? Share(string text) => text is [.., '%'] && Number(text[..^1]) is >= 1 and <= 100 and var percent ? percent / 100 : null;

    private static double? Number(string text) => double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static Option<string?> One(string name, string description, string help) => new(name) { Description = description, HelpName = help };
}
