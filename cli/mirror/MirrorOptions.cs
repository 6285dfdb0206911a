using System.CommandLine;
using System.Net;
using Pressure.Cli.Replay;
using Pressure.Faults;
using Pressure.Mirror;
using Pressure.Record;
using Pressure.TrafficCopy;

namespace Pressure.Cli.Mirror;

/// <summary>The options of <c>pressure mirror</c> that say what is mirrored and how.</summary>
internal sealed class MirrorOptions
{
    private readonly Option<string> _listen = One("--listen", "Where clients come to", "ADDRESS:PORT", "127.0.0.1:8080");
    private readonly Option<string?> _tlsCertificate = new("--tls-cert") { Description = "Clients come over TLS: the certificate in PEM, with those that lead to its authority behind it", HelpName = "FILE.pem" };
    private readonly Option<string?> _tlsKey = new("--tls-key") { Description = "The certificate's private key in PEM", HelpName = "FILE.pem" };
    private readonly Option<string> _to = new("--to") { Description = "Production: gets every request, and alone answers the client", HelpName = "URL", Required = true };
    private readonly Option<string?> _copy = new("--copy") { Description = "The test target: gets copies, and its answers go nowhere but into --compare", HelpName = "URL" };
    private readonly Option<string?> _secondary = new("--secondary") { Description = "A second server like production, which gets copies too: where it differs from production it is noise (with --compare)", HelpName = "URL" };
    private readonly Option<string[]> _method = Many("--method", "A method that is copied besides GET, HEAD and OPTIONS (repeatable); it may write to the test target", "METHOD");
    private readonly Option<string[]> _path = Many("--path", "Paths like this alone (repeatable; * for anything)", "PATTERN");
    private readonly Option<string[]> _except = Many("--except", "No paths like this (repeatable)", "PATTERN");
    private readonly Option<string> _share = One("--share", "The share that is copied and recorded", "PERCENT", "100%");
    private readonly Option<string> _by = One("--by", "What the share keeps together: request, connection, client (its address), or header:NAME", "WHAT", "request");
    private readonly Option<ulong> _seed = new("--seed") { Description = "Another seed, another choice of the share", HelpName = "N", DefaultValueFactory = _ => 1 };
    private readonly Option<bool> _copyFailed = new("--copy-failed") { Description = "Copy requests too that production did not answer" };
    private readonly Option<string> _host = One("--host", "The Host that copies bear: target (the test target's own), keep (the client's), or a name", "HOST", "target");
    private readonly Option<string[]> _keepHeader = Many("--keep-header", $"Leave this field in copies (repeatable). They go without {string.Join(", ", CopyHeaderRules.Credentials)} else: users' credentials do not leave production", "NAME");
    private readonly Option<string[]> _removeHeader = Many("--remove-header", "Copies go without this field too (repeatable)", "NAME");
    private readonly Option<string> _maxBody = One("--max-body", "Requests with a longer body are not copied, and answers are recorded and compared up to here", "SIZE", "1MiB");
    private readonly Option<string> _timeout = One("--timeout", "How long the test target may take", "TIME", "5s");
    private readonly Option<string> _queue = One("--queue", "Memory that copies may take; beyond, the newest is dropped", "SIZE", "64MiB");
    private readonly Option<int> _queueRequests = new("--queue-requests") { Description = "Copies that may wait; beyond, the newest is dropped", HelpName = "N", DefaultValueFactory = _ => 10_000 };
    private readonly Option<int> _concurrency = new("--concurrency") { Description = "Copies under way at a time", HelpName = "N", DefaultValueFactory = _ => 64 };
    private readonly Option<bool> _insecure = new("--insecure") { Description = "Test targets may have any certificate; production's is always checked" };
    private readonly Option<bool> _compare = new("--compare") { Description = "Hold the test target's answers against production's" };
    private readonly Option<string[]> _ignore = Many("--ignore", "What does not matter when answers are compared (repeatable): header:NAME, cookie:NAME, $.json.path, status, body", "FIELD");
    private readonly Option<bool> _noForwarded = new("--no-forwarded-for") { Description = "Do not tell production the client's address (X-Forwarded-For), nor that clients came over TLS (X-Forwarded-Proto)" };
    private readonly Option<string?> _admin = new("--admin") { Description = "Where counts can be read and copying paused: /metrics, /status, POST /pause, POST /resume. Whoever reaches it may do so", HelpName = "ADDRESS:PORT" };

    // Stands for an address that could not be read, so that the rest can be looked at; a port that nobody has.
    private static Uri Unread => new("http://unread.invalid:1");

    /// <summary>Whether a test target is named.</summary>
    public bool HasCopy(ParseResult parsed) => parsed.GetValue(_copy) is not null;

    /// <summary>Puts them all into a command.</summary>
    public void AddTo(Command command)
    {
        Option[] all =
        [
            _listen, _tlsCertificate, _tlsKey, _to, _copy, _method, _path, _except, _share, _by, _seed, _copyFailed, _host, _keepHeader, _removeHeader, _maxBody, _timeout, _queue, _queueRequests,
            _concurrency, _insecure, _compare, _ignore, _secondary, _noForwarded, _admin,
        ];
        foreach (var option in all)
            command.Options.Add(option);
    }

    /// <summary>What was typed, and all that is wrong with it.</summary>
    public MirrorPlan? Read(ParseResult parsed, TimeProvider time, List<OptionProblem> problems)
    {
        var listen = EndPoint(_listen.Name, parsed.GetValue(_listen), problems);
        var production = Url(_to.Name, parsed.GetValue(_to), problems);
        var (by, byHeader) = By(parsed.GetValue(_by)!, problems);
        var read = new MirrorPlan(listen ?? new(IPAddress.None, 0), production ?? Unread)
        {
            Id = RunId.New("mirror", time.GetUtcNow()),
            Tls = ListenCertificate.Read(parsed.GetValue(_tlsCertificate), parsed.GetValue(_tlsKey), time.GetUtcNow(), problems),
            Copy = Url(_copy.Name, parsed.GetValue(_copy), problems),
            Secondary = Url(_secondary.Name, parsed.GetValue(_secondary), problems),
            TrustsAnyTarget = parsed.GetValue(_insecure),
            Rules = new CopyRules
            {
                Methods = [.. CopyRules.SafeMethods, .. Tokens(_method, parsed, problems).Select(m => m.ToUpperInvariant())],
                Paths = parsed.GetValue(_path) ?? [],
                Except = parsed.GetValue(_except) ?? [],
                Share = Value(_share, parsed, FaultArguments.Percent, "no share", "Write a percentage such as 10%.", problems),
                By = by,
                ByHeader = byHeader,
                Seed = parsed.GetValue(_seed),
                CopyFailed = parsed.GetValue(_copyFailed),
            },
            Headers = new CopyHeaderRules
            {
                Keep = Tokens(_keepHeader, parsed, problems),
                Remove = Tokens(_removeHeader, parsed, problems),
                Host = parsed.GetValue(_host) switch { "target" => null, "keep" => "", var name => name },
            },
            Limits = new CopyLimits
            {
                MaxBody = (int)Math.Min(int.MaxValue, Value(_maxBody, parsed, FaultArguments.Bytes, "no size", "Write a size such as 1MiB.", problems)),
                QueueBytes = Value(_queue, parsed, FaultArguments.Bytes, "no size", "Write a size such as 64MiB.", problems),
                QueueRequests = parsed.GetValue(_queueRequests),
                Concurrency = parsed.GetValue(_concurrency),
                Timeout = Value(_timeout, parsed, FaultArguments.Duration, "no time", "Write a time such as 5s.", problems),
            },
            Compare = Rules(parsed, problems),
            Admin = parsed.GetValue(_admin) is { } admin ? EndPoint(_admin.Name, admin, problems) : null,
            TellsClient = !parsed.GetValue(_noForwarded),
        };
        // What could not be read has been told of already.
        var told = problems.Select(p => p.Option).ToHashSet();
        if (read.Rules.Share is 0 && !told.Contains(_share.Name))
            problems.Add(new(_share.Name, "Nothing is left to copy or record", "Write a percentage above 0%."));
        problems.AddRange(read.Problems().Where(p => !told.Contains(p.Option)).Select(p => new OptionProblem(p.Option, p.Message, p.Remedy)));
        return problems.Count == 0 ? read : null;
    }

    private ComparisonRules? Rules(ParseResult parsed, List<OptionProblem> problems)
    {
        var ignore = parsed.GetValue(_ignore) ?? [];
        if (!parsed.GetValue(_compare))
        {
            if (ignore.Length > 0)
                problems.Add(new(_ignore.Name, "It is for comparing", "Add --compare."));
            return null;
        }
        var rules = ComparisonRules.Read(ignore, out var wrong);
        problems.AddRange(wrong.Select(w => new OptionProblem(_ignore.Name, w.What, w.Remedy)));
        return rules;
    }

    private (ShareBy By, string Header) By(string text, List<OptionProblem> problems)
    {
        switch (text)
        {
            case "request":
                return (ShareBy.Request, "");
            case "connection":
                return (ShareBy.Connection, "");
            case "client":
                return (ShareBy.Client, "");
            case ['h', 'e', 'a', 'd', 'e', 'r', ':', .. { Length: > 0 } name]:
                return (ShareBy.Header, name);
        }
        problems.Add(new(_by.Name, $"'{text}' keeps nothing together", "Write request, connection, client, or header:NAME."));
        return default;
    }

    private static IPEndPoint? EndPoint(string option, string? text, List<OptionProblem> problems)
    {
        if (text is not null && text.Contains(':') && IPEndPoint.TryParse(text, out var endpoint))
            return endpoint;
        problems.Add(new(option, $"'{text}' is no address and port", "Write 127.0.0.1:8080, or 0.0.0.0:8080 for all addresses of this machine."));
        return null;
    }

    private static Uri? Url(string option, string? text, List<OptionProblem> problems)
    {
        if (text is null)
            return null;
        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https")
            return url;
        problems.Add(new(option, $"'{text}' is no server", "Write http://host:port or https://host:port."));
        return Unread;
    }

    private static string[] Tokens(Option<string[]> option, ParseResult parsed, List<OptionProblem> problems)
    {
        var texts = parsed.GetValue(option) ?? [];
        foreach (var text in texts.Where(t => t.Length == 0 || !t.All(c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c))))
            problems.Add(new(option.Name, $"'{text}' is no {option.HelpName!.ToLowerInvariant()}", option.HelpName == "METHOD" ? "Write a method such as POST." : "Write the name of a field such as X-Tenant."));
        return texts;
    }

    private static T Value<T>(Option<string> option, ParseResult parsed, Func<string?, T?> read, string isWhat, string remedy, List<OptionProblem> problems)
        where T : struct
    {
        var text = parsed.GetValue(option);
        if (read(text) is { } value)
            return value;
        problems.Add(new(option.Name, $"'{text}' is {isWhat}", remedy));
        return default;
    }

    private static Option<string> One(string name, string description, string help, string usual) => new(name) { Description = description, HelpName = help, DefaultValueFactory = _ => usual };

    private static Option<string[]> Many(string name, string description, string help) => new(name) { Description = description, HelpName = help, DefaultValueFactory = _ => [] };
}
