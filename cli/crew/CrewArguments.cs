using System.CommandLine;
using Pressure.Cli.Replay;
using Pressure.Cluster;
using Pressure.LoadGen;

namespace Pressure.Cli.Workers;

/// <summary>Which workers are to make a run, and the way to them.</summary>
/// <param name="Broker">The broker that they are reached over.</param>
/// <param name="Wish">How many, and where.</param>
internal sealed record CrewOrder(BrokerAddress Broker, WorkersWish Wish);

/// <summary>The options of <c>pressure run</c> for a run over several workers.</summary>
internal sealed class CrewArguments
{
    private readonly Option<string?> _workers = new("--workers") { Description = "Spread the load over so many workers (default: what the plan says under workers, else this machine alone)", HelpName = "N" };
    private readonly Option<string?> _broker = new("--broker") { Description = "The broker over which workers are reached: amqps://USER@HOST:PORT/VHOST?password_file=FILE", HelpName = "URL" };
    private readonly Option<string[]> _region = new("--region") { Description = "The part of the load that the workers of a region make (repeatable): eu=60%", HelpName = "NAME=PERCENT", DefaultValueFactory = _ => [] };
    private readonly Option<string?> _heartbeat = new("--heartbeat") { Description = "How often workers are heard; a dead one is replaced within three of them (default: 3s)", HelpName = "TIME" };

    /// <summary>Puts them all into a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _workers, _broker, _region, _heartbeat })
            command.Options.Add(option);
    }

    /// <summary>What was typed, or the plan wants; null for a run by this process alone, or after problems.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="plan">What the plan wants.</param>
    /// <param name="problems">What is wrong.</param>
    public CrewOrder? Read(ParseResult parsed, WorkersWish? plan, List<OptionProblem> problems)
    {
        var wish = Wish(parsed, plan, problems);
        if (parsed.GetValue(_broker) is null)
        {
            if (wish is not null)
                problems.Add(new(_broker.Name, $"is missing: {(wish.Count == 1 ? "a worker is" : $"{wish.Count} workers are")} wanted", "Name the broker that the workers are connected to."));
            return null;
        }
        var broker = Broker(parsed, problems);
        if (wish is null && problems.Count == 0)
            problems.Add(new(_workers.Name, "is missing: a broker is named", "Say how many workers are to make the load, here or in the plan."));
        return broker is null || wish is null ? null : new(broker, wish);
    }

    /// <summary>The broker alone.</summary>
    public BrokerAddress? Broker(ParseResult parsed, List<OptionProblem> problems)
    {
        if (parsed.GetValue(_broker) is not { } text)
        {
            problems.Add(new(_broker.Name, "is missing", "Name the broker that the run's workers are connected to."));
            return null;
        }
        var address = BrokerAddress.Parse(text);
        problems.AddRange(address.Problems.Select(p => new OptionProblem(_broker.Name, p.What, p.Remedy)));
        return address.Address;
    }

    private WorkersWish? Wish(ParseResult parsed, WorkersWish? plan, List<OptionProblem> problems)
    {
        var (count, regions, heartbeat) = (parsed.GetValue(_workers), parsed.GetValue(_region)!, parsed.GetValue(_heartbeat));
        if (count is null && regions.Length == 0 && heartbeat is null)
            return plan;
        if ((count ?? plan?.Count.ToString()) is not { } number)
        {
            problems.Add(new(_workers.Name, "is missing", "Say how many workers are to make the load: --workers 4."));
            return null;
        }
        var wish = WorkersText.Read(number, regions, heartbeat, out var found);
        problems.AddRange(found.Select(p => new OptionProblem(OptionOf(p.Field), p.Message, p.Remedy)));
        if (wish is null || plan is null)
            return wish;
        return plan with { Count = wish.Count, Regions = regions.Length > 0 ? wish.Regions : plan.Regions, Heartbeat = heartbeat is null ? plan.Heartbeat : wish.Heartbeat, Lease = heartbeat is null ? plan.Lease : default };
    }

    private string OptionOf(string field) => field switch
    {
        _ when field.StartsWith("workers.regions", StringComparison.Ordinal) => _region.Name,
        "workers.heartbeat" => _heartbeat.Name,
        _ => _workers.Name,
    };
}
