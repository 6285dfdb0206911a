using System.Diagnostics.CodeAnalysis;

namespace Pressure.Agent.Program;

/// <summary>What was asked on the command line.</summary>
internal abstract record AgentArguments
{
    private const string DefaultData = "/var/lib/pressure-agent";

    private AgentArguments()
    {
    }

    /// <summary><c>enrol</c>.</summary>
    internal sealed record Enrol(Uri Server, EnrolmentToken Token, string Name, IReadOnlyDictionary<string, string> Labels, string Data) : AgentArguments;

    /// <summary><c>run</c>.</summary>
    /// <param name="Data">The data folder.</param>
    /// <param name="Docker">Socket of the container engine that tells containers' names; null for the usual places.</param>
    /// <param name="Replaces">The running instance that this one was started by, to take its place; only upgrades say so.</param>
    /// <param name="Faults">Whether the service may apply faults on this host.</param>
    /// <param name="Capture">Which servers' traffic the service may look at on this host; null for none.</param>
    internal sealed record Run(string Data, string? Docker = null, Guid? Replaces = null, bool Faults = false, CapturePermission? Capture = null) : AgentArguments;

    /// <summary><c>--help</c>, or nothing at all.</summary>
    internal sealed record Help : AgentArguments;

    /// <summary><c>--version</c>.</summary>
    internal sealed record Version : AgentArguments;

    /// <summary>Something that can't be.</summary>
    /// <param name="Problems">Each with what to do.</param>
    internal sealed record Wrong(IReadOnlyList<string> Problems) : AgentArguments;

    /// <summary>Reads arguments; all problems at once.</summary>
    public static AgentArguments Read(IReadOnlyList<string> args, string host)
    {
        if (args.Count == 0 || args.Any(a => a is "--help" or "-h" or "help"))
            return new Help();
        if (args[0] == "--version")
            return new Version();
        var problems = new List<string>();
        AgentArguments? asked = args[0] switch
        {
            "enrol" => ReadEnrol(new Options(args, ["--server", "--token", "--name", "--data"], ["--label"], [], problems), host),
            "run" => ReadRun(new Options(args, ["--data", "--docker", "--replaces", "--allow-capture"], [], ["--faults"], problems)),
            _ => null,
        };
        if (asked is null && problems.Count == 0)
            problems.Add($"There is no command '{args[0]}'. There are enrol and run.");
        return problems.Count > 0 ? new Wrong(problems) : asked!;
    }

    private static Run ReadRun(Options options)
    {
        Guid? replaces = null;
        if (options["--replaces"] is { } text)
        {
            if (Guid.TryParse(text, out var instance))
                replaces = instance;
            else
                options.Problems.Add($"--replaces: '{text}' is no instance; leave it to upgrades.");
        }
        CapturePermission? capture = null;
        if (options["--allow-capture"] is { } ports && (capture = CapturePermission.Parse(ports)) is null)
            options.Problems.Add($"--allow-capture: '{ports}' names no ports. Write those of the servers whose traffic the service may look at, such as 80,443; or any.");
        return new Run(options["--data"] ?? DefaultData, options["--docker"], replaces, options.Has("--faults"), capture);
    }

    private static Enrol? ReadEnrol(Options options, string host)
    {
        var server = ReadServer(options);
        EnrolmentToken? token = null;
        if (options["--token"] is not { } text)
            options.Problems.Add("--token is missing. The service makes one for each host: pressure1.SECRET.PIN.");
        else if ((token = EnrolmentToken.Parse(text)) is null)
            options.Problems.Add("--token is no enrolment token; it may have been cut. One looks like pressure1.SECRET.PIN.");
        var name = options["--name"] ?? host;
        if (name.Length is 0 or > 63 || name.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not '.' and not '-' and not '_'))
            options.Problems.Add($"--name: '{name}' is no host's name. It takes up to 63 letters, digits, dots, dashes and underscores.");
        var labels = new Dictionary<string, string>();
        foreach (var label in options.All("--label"))
        {
            if (label.Split('=', 2) is not [{ Length: > 0 } key, { Length: > 0 } value])
                options.Problems.Add($"--label: '{label}' is no label. Write --label service=orders.");
            else if (!labels.TryAdd(key, value))
                options.Problems.Add($"--label: '{key}' is given twice.");
        }
        return server is null || token is null ? null : new Enrol(server, token, name, labels, options["--data"] ?? DefaultData);
    }

    private static Uri? ReadServer(Options options)
    {
        if (options["--server"] is not { } text)
            options.Problems.Add("--server is missing. Write the address where the service takes agents, such as --server https://centre:5443.");
        else if (!IsServer(text, out var server))
            options.Problems.Add($"--server: '{text}' is no address of a service. Write one such as https://centre:5443.");
        else
            return server;
        return null;
    }

    private static bool IsServer(string text, [NotNullWhen(true)] out Uri? server) =>
        Uri.TryCreate(text, UriKind.Absolute, out server) && server.Scheme == Uri.UriSchemeHttps && server.Host.Length > 0 && server.PathAndQuery == "/" && server.UserInfo.Length == 0;

    /// <summary>Options as <c>--name value</c> or <c>--name=value</c>, and those that have no value.</summary>
    private sealed class Options
    {
        private readonly List<(string Name, string Value)> _given = [];
        private readonly HashSet<string> _flags = [];

        public Options(IReadOnlyList<string> args, string[] single, string[] repeatable, string[] flags, List<string> problems)
        {
            Problems = problems;
            for (var i = 1; i < args.Count; i++)
            {
                var parts = args[i].Split('=', 2);
                var known = single.Contains(parts[0]) || repeatable.Contains(parts[0]);
                if (flags.Contains(args[i]))
                    _flags.Add(args[i]);
                else if (!known)
                    problems.Add($"{args[0]} takes no '{parts[0]}'. It takes {string.Join(", ", single.Concat(repeatable).Concat(flags))}.");
                else if (single.Contains(parts[0]) && this[parts[0]] is not null)
                    problems.Add($"{parts[0]} is given twice.");
                else if (parts.Length == 2)
                    _given.Add((parts[0], parts[1]));
                else if (i + 1 < args.Count)
                    _given.Add((parts[0], args[++i]));
                else
                    problems.Add($"{parts[0]} lacks its value.");
            }
        }

        public List<string> Problems { get; }

        public string? this[string name] => _given.Where(g => g.Name == name).Select(g => g.Value).FirstOrDefault();

        public bool Has(string flag) => _flags.Contains(flag);

        public IEnumerable<string> All(string name) => _given.Where(g => g.Name == name).Select(g => g.Value);
    }
}
