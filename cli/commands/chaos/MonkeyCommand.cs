using System.CommandLine;
using System.Globalization;
using Pressure.Chaos;
using Pressure.Cli.Chaos;
using Pressure.Cli.ConsoleOutput;
using Pressure.Faults;

namespace Pressure.Cli.Commands;

/// <summary><c>pressure chaos monkey FILE</c>: strikes now and then, in allowed hours, until it is stopped.</summary>
internal static class MonkeyCommand
{
    public static Command Create(TimeProvider time)
    {
        var file = new Argument<string>("FILE") { Description = "The monkey's plan, YAML or JSON: name, hours, groups" };
        var runs = new Option<string>("--runs") { Description = "Folder in which each strike gets a run folder", HelpName = "DIR", DefaultValueFactory = _ => "runs" };
        var (seed, service, json, quiet) = (ChaosOptions.Seed(), ChaosOptions.Service(), SharedOptions.Json(), SharedOptions.Quiet());
        seed.Description = "Strikes at the same moments again, and the same where the same is there; without it nobody can tell";
        var command = new Command("monkey", "Strike one of each group now and then, in allowed hours, until Ctrl-C") { file, runs, seed, service, json, quiet };
        command.SetAction(async (parsed, _) =>
        {
            var output = new MonkeyOutput(parsed.GetValue(json), parsed.GetValue(quiet), time);
            var (plan, problems) = MonkeyPlanReader.ReadFile(parsed.GetRequiredValue(file));
            if (plan is null)
                return new ExperimentOutput(parsed.GetValue(json), quiet: false).Problems(problems);
            try
            {
                using var own = MonkeySeed.TryTake(StateFolder.Usual, plan.Name);
                if (own is null)
                    return output.Invalid($"A monkey called {plan.Name} runs on this machine already.", "Two would strike twice as often: let that one go on, or give this one another name.");
                await using var elsewhere = new ServiceHosts(parsed.GetValue(service), time);
                using var local = LocalWorld.Open(new(time, StateFolder.Usual) { Agents = elsewhere.Hosts });
                var chance = parsed.GetValue(seed);
                var strikes = new MonkeyStrikes(local, Path.GetFullPath(parsed.GetRequiredValue(runs)), DrillRun.ChanceOf(chance), output, time);
                return await RunAsync(plan, local, strikes, chance?.ToString(CultureInfo.InvariantCulture) ?? own.Value, output, time);
            }
            catch (GuardBookException e)
            {
                return output.Invalid($"The guards can't be asked: {e.Message}", "Nothing was struck.");
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return output.Invalid($"The state folder {StateFolder.Usual} can't be written: {e.Message}", "Give access, or name another one by PRESSURE_CHAOS_DIR.");
            }
        });
        return command;
    }

    private static async Task<int> RunAsync(MonkeyPlan plan, LocalWorld local, MonkeyStrikes strikes, string seed, MonkeyOutput output, TimeProvider time)
    {
        using var signals = new StopSignals();
        var looking = await local.OnAsync(new ToldTimeline(time, _ => { }), DrillRun.ChanceOf(0));
        var parts = new MonkeyParts
        {
            Time = time,
            Seed = seed,
            Inventory = looking.Inventory,
            Protection = looking.Protection,
            Strike = strikes.StrikeAsync,
            Audit = local.Audit,
            Problem = output.Problem,
        };
        output.Begins(plan);
        await new Monkey(plan, parts).RunAsync(signals.Token);
        return output.Ends(strikes.Count, strikes.HasLeft);
    }
}
