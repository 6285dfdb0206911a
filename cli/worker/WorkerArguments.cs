using System.CommandLine;
using Pressure.Cli.Replay;
using Pressure.Cluster;
using Pressure.Faults;
using Pressure.LoadGen;

namespace Pressure.Cli.Workers;

/// <summary>The options of <c>pressure worker</c>.</summary>
internal sealed class WorkerArguments
{
    private readonly Option<string> _broker = new("--broker") { Description = "The broker over which it is reached: amqps://USER@HOST:PORT/VHOST?password_file=FILE", HelpName = "URL", Required = true };
    private readonly Option<string?> _name = new("--name") { Description = "Its name, unique among the workers of the broker (default: this machine's)", HelpName = "NAME" };
    private readonly Option<string?> _region = new("--region") { Description = "Where it is, for plans that spread their load over regions", HelpName = "REGION" };
    private readonly Option<string[]> _label = new("--label") { Description = "Another label (repeatable)", HelpName = "KEY=VALUE", DefaultValueFactory = _ => [] };
    private readonly Option<string> _capacity = new("--capacity") { Description = "Requests per second that it can make: measure (takes two seconds), none (counts like any other), or a rate. Shares are cut in this proportion", HelpName = "RATE", DefaultValueFactory = _ => "measure" };
    private readonly Option<string?> _state = new("--state") { Description = "Its folder: fetched files, and the record of what it made (default: in /var/lib/pressure/worker for root, else in ~/.local/state)", HelpName = "DIR" };
    private readonly Option<string> _cache = new("--cache") { Description = "Disk space for fetched files", HelpName = "SIZE", DefaultValueFactory = _ => "20GiB" };
    private readonly Option<int> _keep = new("--keep") { Description = "Records of runs that stay in its folder", HelpName = "N", DefaultValueFactory = _ => 20 };

    /// <summary>Puts them all into a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _broker, _name, _region, _label, _capacity, _state, _cache, _keep })
            command.Options.Add(option);
    }

    /// <summary>What was typed, and all that is wrong with it.</summary>
    public WorkerOrder? Read(ParseResult parsed, List<OptionProblem> problems)
    {
        var address = BrokerAddress.Parse(parsed.GetValue(_broker)!);
        problems.AddRange(address.Problems.Select(p => new OptionProblem(_broker.Name, p.What, p.Remedy)));
        var name = parsed.GetValue(_name) ?? WorkerName.From(Environment.MachineName);
        if (!WorkerName.IsValid(name))
            problems.Add(new(_name.Name, $"'{name}' can't be a worker's name", "Use up to 60 letters, digits, dots and hyphens, a letter or digit first."));
        var capacity = Capacity(parsed.GetValue(_capacity)!, problems);
        var cache = FaultArguments.Bytes(parsed.GetValue(_cache));
        if (cache is null or < 1)
            problems.Add(new(_cache.Name, $"'{parsed.GetValue(_cache)}' is no size", "Write a size such as 20GiB."));
        if (parsed.GetValue(_keep) is < 0 or > 10_000)
            problems.Add(new(_keep.Name, $"{parsed.GetValue(_keep)} records can't be kept", "Write a number from 0 to 10000."));
        var labels = Labels(parsed.GetValue(_label)!, problems);
        if (problems.Count > 0)
            return null;
        var state = Path.GetFullPath(parsed.GetValue(_state) ?? UsualState);
        var options = new WorkerOptions(name, Path.Combine(state, name)) { Region = parsed.GetValue(_region) ?? "", Labels = labels, CacheBytes = (long)cache!, KeepRuns = parsed.GetValue(_keep) };
        return new(address.Address!, options, capacity!);
    }

    private static string UsualState =>
        Environment.UserName == "root" ? "/var/lib/pressure/worker" : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state", "pressure", "worker");

    private CapacityWish? Capacity(string text, List<OptionProblem> problems)
    {
        if (text == "measure")
            return new CapacityWish.Measure();
        if (text == "none")
            return new CapacityWish.None();
        if (SteeringText.Parse("rate", text).Change is SteeringChange.ToRate { Rate.PerSecond: > 0 and var rate })
            return new CapacityWish.Given(rate);
        problems.Add(new(_capacity.Name, $"'{text}' is no rate", "Write a rate such as 20000/s, measure, or none."));
        return null;
    }

    private Dictionary<string, string> Labels(IEnumerable<string> texts, List<OptionProblem> problems)
    {
        var labels = new Dictionary<string, string>();
        foreach (var text in texts)
        {
            var at = text.IndexOf('=');
            if (at <= 0 || at > 60 || text.Length > 200)
                problems.Add(new(_label.Name, $"'{text}' is no label", "Write KEY=VALUE, such as size=large."));
            else if (!labels.TryAdd(text[..at], text[(at + 1)..]))
                problems.Add(new(_label.Name, $"The label {text[..at]} is given twice", "Give each once."));
        }
        return labels;
    }
}
