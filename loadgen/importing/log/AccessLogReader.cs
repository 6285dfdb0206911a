using System.Text;

namespace Pressure.LoadGen.Importing;

/// <summary>Reads access logs of any size in one pass and bounded memory: line -> host's tally (patterns, clock) -> mix and load.</summary>
internal sealed class AccessLogReader
{
    private const string Formats = "not of the common or combined format";

    private readonly ImportScope _scope;
    private readonly LogTallies _tallies = new();
    private readonly LogLeftOut _leftOut = new();
    private readonly LogTarget _target = new();

    private AccessLogReader(ImportScope scope) => _scope = scope;

    public static Found Read(Stream stream, ImportScope scope)
    {
        var reader = new AccessLogReader(scope);
        var lines = new LogLineReader(AsUtf8(stream));
        while (lines.TryRead(out var line, out var tooLong))
        {
            if (tooLong)
                reader._leftOut.Add("lines that are too long", $"longer than {LogLineReader.LongestLine >> 10} KiB", lines.Line);
            else if (!line.IsEmpty)
                reader.Count(line, lines.Line);
        }
        if (lines.Broken is { } broken)
            scope.Skip("the end of the file", $"the gzip is damaged or cut off ({broken.TrimEnd('.')}); what came before stands", $"line {lines.Line}");
        reader._leftOut.Tell(scope);
        return reader.Found(lines.Line);
    }

    /// <summary>Windows shells write UTF-16; everything else is near enough to UTF-8.</summary>
    private static Stream AsUtf8(Stream stream)
    {
        var mark = new byte[2];
        var read = stream.ReadAtLeast(mark, 2, throwOnEndOfStream: false);
        var whole = new PrefixedStream(mark.AsMemory(0, read), stream);
        return ImportSource.EncodingOf(mark.AsSpan(0, read)) is { } utf16 ? Encoding.CreateTranscodingStream(whole, utf16, Encoding.UTF8) : whole;
    }

    private void Count(ReadOnlySpan<byte> bytes, long number)
    {
        switch (LogLine.Parse(bytes, out var line))
        {
            case LogLineKind.Unknown:
                _leftOut.Add("lines of another kind", Formats, number);
                break;
            case LogLineKind.NoRequest:
                _leftOut.Add("lines without a request", "what was asked is no HTTP request for a path (scanners, TLS on the plain port, proxy requests)", number);
                break;
            default:
                Count(line, number);
                break;
        }
    }

    private void Count(LogLine line, long number)
    {
        var isHead = line.Method.SequenceEqual("HEAD"u8);
        if (!isHead && !line.Method.SequenceEqual("GET"u8))
        {
            _leftOut.AddMethod(line.Method, number);
            return;
        }
        if (IsRefusal(line.Status))
        {
            _leftOut.AddStatus(line.Status, number);
            return;
        }
        if (line.Target.Length > LogTarget.Longest)
        {
            _leftOut.Add("requests with long URLs", $"longer than {LogTarget.Longest:N0} characters", number);
            return;
        }
        var url = _target.Read(line.Target);
        if (_scope.Options.NoStatic && StaticFiles.IsStatic(url))
            _leftOut.Add("static files", "left out by --no-static", number);
        else if (_tallies.Of(line.Host) is not { } tally)
            _leftOut.Add("requests to more hosts", "only the first 16 hosts are told apart", number);
        else if (!tally.Clock.Add(line.Time, !isHead && IsAnswered(line.Status) && StaticFiles.IsPage(url)))
            _leftOut.Add("requests at odd times", "the log spans more than ten years of hours", number);
        else
            Count(tally, isHead, url);
    }

    private static void Count(LogTally tally, bool isHead, ReadOnlySpan<char> url)
    {
        tally.Requests++;
        tally.Patterns.Add(isHead, url);
    }

    /// <summary>What the asker did wrong; not what the service could not do (5xx), cut off for load (429) or answered too late (499).</summary>
    private static bool IsRefusal(int status) => status is >= 400 and < 500 and not (429 or 499);

    private static bool IsAnswered(int status) => status is (>= 200 and < 300) or 304;

    private Found Found(long lines)
    {
        var hosts = _tallies.ByWeight;
        if (hosts.Count == 0)
            return Importing.Found.Nothing;
        var chosen = _scope.Options.Host is { Length: > 0 } wanted ? hosts.FirstOrDefault(h => h.Host.Length == 0 || IsNamed(h.Host, wanted)) : hosts[0];
        if (chosen is null)
        {
            _scope.Fail($"no request goes to host '{Shown.Of(_scope.Options.Host!)}'", $"Its hosts are {string.Join(", ", hosts.Select(h => Shown.Of(h.Host)))}; give one of them to --host.");
            return Importing.Found.Nothing;
        }
        foreach (var other in hosts.Where(h => h != chosen))
            _scope.Skip($"requests to {(other.Host.Length == 0 ? "no named host" : other.Host)}", "another host; --host takes it instead", count: other.Requests);
        _scope.Note($"{lines:N0} lines, {chosen.Requests:N0} requests taken{(chosen.Host.Length > 0 ? $" of {chosen.Host}" : "")}. Logs hold no headers, bodies or cookies.");
        return new(LogMix.Requests(chosen.Patterns, OriginOf(chosen.Host), _scope)) { Load = LogLoad.Derive(chosen.Clock, _scope), HoldsRedirects = true };
    }

    private static string OriginOf(string host) => host.Length == 0 ? "" : $"{(host.EndsWith(":443", StringComparison.Ordinal) ? "https" : "http")}://{host}";

    private static bool IsNamed(string host, string wanted) =>
        host.Equals(wanted, StringComparison.OrdinalIgnoreCase) || host.Split(':')[0].Equals(wanted, StringComparison.OrdinalIgnoreCase);
}
