using Pressure.Agent.Program;
using Pressure.Faults;

// Executors and watchdogs of faults are this program too.
if (InnerVerbs.TryRun(args) is { } inner)
    return await inner;

const string Help = """
    pressure-agent: samples this host for a Pressure service. It dials out; nothing listens here.

    pressure-agent enrol --server https://centre:5443 --token pressure1.SECRET.PIN
                         [--name NAME] [--label service=orders]... [--data DIR]
        Makes this host known to a service, once. The service makes the token.
          --name   the host's name in plans (default: its host name)
          --label  what the host belongs to: service, env, region, ...; may be repeated
    pressure-agent run [--data DIR] [--docker SOCKET] [--faults] [--allow-capture PORTS]
        Samples and sends, until it is stopped (Ctrl-C, SIGTERM). While the service is away,
        samples are kept on disk, 64 MiB at the most, and sent when it is back.
          --docker  socket of the container engine, if it is not in its usual place
          --faults  the service may apply faults on this host; without it, it may not.
                    Each is undone by itself when the service or the link is lost
          --allow-capture
                    the service may look at requests to servers with these ports on this
                    host: 80,443, or any. Without it, it may not, since they hold what
                    people send. Secrets are masked before they leave the host
    pressure-agent --version

      --data     where the agent keeps its key and what is not sent yet
                 (default: /var/lib/pressure-agent)

    Exit codes: 0 done; 1 it did not work; 2 what was asked can't be; 3 the service refused, or is not the one of the token.
    """;

try
{
    using var signals = new StopSignals();
    switch (AgentArguments.Read(args, Environment.MachineName))
    {
        case AgentArguments.Enrol enrol:
            return await EnrolVerb.RunAsync(enrol, Console.Out, Console.Error, signals.Leave);
        case AgentArguments.Run run:
            return await RunVerb.RunAsync(run, Console.Error, TimeProvider.System, signals.Leave);
        case AgentArguments.Version:
            Console.WriteLine($"pressure-agent {AgentService.ProgramVersion}");
            return ExitCodes.Ok;
        case AgentArguments.Wrong wrong:
            foreach (var problem in wrong.Problems)
                Console.Error.WriteLine(problem);
            Console.Error.WriteLine("See: pressure-agent --help");
            return ExitCodes.InvalidInput;
        default:
            Console.WriteLine(Help);
            return ExitCodes.Ok;
    }
}
catch (Exception e) when (e is UnauthorizedAccessException or InvalidDataException or IOException)
{
    Console.Error.WriteLine($"{e.Message} The agent's data folder must belong to the user that it runs as.");
    return ExitCodes.Failed;
}
catch (OperationCanceledException)
{
    return ExitCodes.Failed;
}
