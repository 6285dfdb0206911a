using System.CommandLine;
using Pressure.Web;

namespace Pressure.Cli.Commands;

/// <summary><c>pressure serve</c>: the web service.</summary>
internal static class ServeCommand
{
    public static Command Create(TimeProvider time)
    {
        var url = new Option<string>("--url") { Description = "Where to listen", DefaultValueFactory = _ => "http://127.0.0.1:5100" };
        var runs = new Option<string>("--runs") { Description = "Folder of the runs", HelpName = "DIR", DefaultValueFactory = _ => "runs" };
        var captures = new Option<string?>("--captures") { Description = "Folder of captured traffic that plans may replay by name (default: none)", HelpName = "DIR" };
        var allow = SharedOptions.Allow();
        var export = ExportOptions.Create();
        var notify = new NotifyOptions();
        var command = new Command("serve", "Start the web service") { url, runs, captures, allow, export };
        var node = new NodeSettings();
        node.AddTo(command);
        var agents = new AgentsOptions();
        agents.AddTo(command);
        notify.AddTo(command);
        command.SetAction(async (parsed, _) =>
        {
            if (!Uri.TryCreate(parsed.GetValue(url), UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            {
                await Console.Error.WriteLineAsync("--url must be an address such as http://127.0.0.1:5100.");
                return ExitCodes.InvalidInput;
            }
            var (targets, problem) = ExportOptions.Read(parsed.GetValue(export) ?? []);
            var (nodeOptions, nodeProblem) = node.Read(parsed, parsed.GetValue(url)!);
            problem ??= nodeProblem ?? notify.Read(parsed, parsed.GetValue(url)!).Problem;
            if (problem is not null)
            {
                await Console.Error.WriteLineAsync(problem);
                return ExitCodes.InvalidInput;
            }
            using var signals = new StopSignals();
            WebService service;
            try
            {
                service = await WebService.StartAsync(new WebOptions(parsed.GetValue(url)!, Path.GetFullPath(parsed.GetValue(runs)!), parsed.GetValue(allow) ?? []) { Node = nodeOptions, NeededPorts = nodeOptions?.Database.PortHere is { } needed ? [needed] : [], PublicNames = node.Names(parsed), ExportTo = targets, Agents = agents.Read(parsed), CapturesFolder = parsed.GetValue(captures) is { } folder ? Path.GetFullPath(folder) : null }, time);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                await Console.Error.WriteLineAsync($"Cannot start: {e.Message}");
                return ExitCodes.InvalidInput;
            }
            await using (service)
            await using (notify.Any(parsed) ? new WatcherProcess(service.Url, notify.Arguments(parsed), time) : null)
            {
                Console.WriteLine($"Pressure listens on {service.Url} (Ctrl-C ends it)");
                if (service.Access is { } access)
                    Console.WriteLine($"Agents dial in on port {access.Port}");
                await service.WaitForShutdownAsync(signals.Token);
                Console.WriteLine("Stopping; running tests write their reports.");
            }
            return ExitCodes.Ok;
        });
        return command;
    }
}
