using System.CommandLine;
using Pressure.Reports;
using Pressure.Web.Watch;

namespace Pressure.Cli.Commands;

/// <summary>Who is told when a service is not well; options of <c>serve</c> and <c>watch</c>.</summary>
internal sealed class NotifyOptions
{
    private readonly Option<string?> _notify = new("--notify") { Description = "Webhook that is told (POST, JSON) when the service has died, does not answer or is not healthy, and when it is well again", HelpName = "WEBHOOK" };
    private readonly Option<string?> _file = new("--notify-file") { Description = "File with the webhook's headers, a line each (Name: value); a line that is an address is the webhook itself", HelpName = "FILE" };
    private readonly Option<string?> _alive = new("--alive") { Description = "Address that is called (GET) while the service is well, for a dead man's switch elsewhere", HelpName = "URL" };
    private readonly Option<string> _every = new("--every") { Description = "Time between two such calls: 30s, 5m", HelpName = "TIME", DefaultValueFactory = _ => "60s" };
    private readonly Option<string> _check = new("--check") { Description = "Time between two looks at the service; three bad ones in a row are told", HelpName = "TIME", DefaultValueFactory = _ => "5s" };
    private readonly Option<ReportLanguage> _language = SharedOptions.Language("Language of the notices: en or zh");

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _notify, _file, _alive, _every, _check, _language })
            command.Add(option);
    }

    /// <summary>Whether anybody is to be told.</summary>
    public bool Any(ParseResult parsed) => (parsed.GetValue(_notify) ?? parsed.GetValue(_file) ?? parsed.GetValue(_alive)) is not null;

    /// <summary>The options as given, for the process that watches.</summary>
    public IReadOnlyList<string> Arguments(ParseResult parsed)
    {
        var arguments = new List<string> { "--every", parsed.GetValue(_every)!, "--check", parsed.GetValue(_check)!, "--lang", parsed.GetValue(_language).ToString().ToLowerInvariant() };
        foreach (var option in new[] { _notify, _file, _alive })
        {
            if (parsed.GetValue(option) is { } value)
                arguments.AddRange([option.Name, value]);
        }
        return arguments;
    }

    /// <summary>What is asked for, or what is wrong with it.</summary>
    public (WatchOptions? Options, string? Problem) Read(ParseResult parsed, string service)
    {
        if (Address(service) is not { } url)
            return (null, $"{service} is no address of a service. Write http://127.0.0.1:5100.");
        if (Time(parsed.GetValue(_every)!) is not { } every || Time(parsed.GetValue(_check)!) is not { } check)
            return (null, "--every and --check take a time from 1s to 1h, such as 30s or 5m.");
        var options = new WatchOptions(url) { AliveEvery = every, CheckEvery = check, Language = parsed.GetValue(_language) };
        if (parsed.GetValue(_notify) is { } notify)
        {
            if (Address(notify) is not { } webhook)
                return (null, "--notify takes an address: https://HOST/PATH.");
            options = options with { Notify = webhook };
        }
        if (parsed.GetValue(_alive) is { } alive)
        {
            if (Address(alive) is not { } called)
                return (null, "--alive takes an address: https://HOST/PATH.");
            options = options with { Alive = called };
        }
        return parsed.GetValue(_file) is { } file ? ReadFile(options, file) : (options, null);
    }

    private static (WatchOptions? Options, string? Problem) ReadFile(WatchOptions options, string file)
    {
        string text;
        try
        {
            text = SecretFile.Read(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (null, $"--notify-file {file} can't be read: {e.Message}");
        }
        var headers = new List<(string, string)>();
        foreach (var (line, number) in text.Split('\n').Select((l, i) => (l.Trim(), i + 1)).Where(l => l.Item1.Length > 0 && l.Item1[0] != '#'))
        {
            if (Address(line) is { } webhook)
                options = options with { Notify = webhook };
            else if (line.Split(':', 2) is [var name, var value] && name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') && value.All(c => c is >= ' ' and <= '~'))
                headers.Add((name, value.Trim()));
            else
                return (null, $"--notify-file {file}, line {number}: write Name: value, or the webhook's address.");
        }
        return (options with { Headers = headers }, null);
    }

    private static Uri? Address(string text) => Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" ? url : null;

    private static TimeSpan? Time(string text)
    {
        var unit = text.EndsWith('s') ? 1 : text.EndsWith('m') ? 60 : text.EndsWith('h') ? 3_600 : 0;
        return unit > 0 && double.TryParse(text[..^1], out var number) && number * unit is >= 1 and <= 3_600 and var seconds ? TimeSpan.FromSeconds(seconds) : null;
    }
}
