using System.CommandLine;
using Pressure.Faults;
using Pressure.Gateway;

namespace Pressure.Cli.Commands;

/// <summary><c>pressure chaos gateway</c>: a proxy in front of a service, whose faults experiments switch on.</summary>
internal static class GatewayCommand
{
    public static Command Create(TimeProvider time)
    {
        var listen = new Option<string>("--listen") { Description = "Where to listen", HelpName = "ADDRESS:PORT", DefaultValueFactory = _ => "127.0.0.1:8081" };
        var to = new Option<string>("--to") { Description = "Where to lead: http://127.0.0.1:5080, https://shop.test, tcp://127.0.0.1:5432", HelpName = "URL", Required = true };
        var control = new Option<string?>("--control") { Description = "Its control socket (default: in the state folder)", HelpName = "SOCKET" };
        var seed = new Option<int>("--seed") { Description = "Dice of faults that strike a share", HelpName = "N", DefaultValueFactory = _ => 1 };
        var command = new Command("gateway", "Put a proxy in front of a service: everything passes, until a fault strikes the route") { listen, to, control, seed };
        command.SetAction(async (parsed, _) =>
        {
            List<string> problems = [];
            var options = GatewayOptions.Read(parsed.GetValue(listen)!, parsed.GetValue(to)!, StateFolder.Usual, problems);
            if (options is null)
                return await RefuseAsync(string.Join(Environment.NewLine, problems));
            using var signals = new StopSignals();
            var start = await GatewayServer.StartAsync(options with { Control = parsed.GetValue(control), Seed = parsed.GetValue(seed), Time = time });
            if (start is not GatewayStart.Running(var server))
                return await RefuseAsync(((GatewayStart.Refused)start).Why);
            await using (server)
            {
                Console.WriteLine($"{server.Control.Listen} leads to {server.Control.To} (Ctrl-C ends it, and its faults)");
                await Task.Delay(Timeout.InfiniteTimeSpan, time, signals.Token).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            }
            return ExitCodes.Ok;
        });
        return command;
    }

    private static async Task<int> RefuseAsync(string why)
    {
        await Console.Error.WriteLineAsync(why);
        return ExitCodes.InvalidInput;
    }
}
