using Pressure.Bench.Access;

// How many agents one machine can hold, and what they cost it: see bench/access-server.sh.
switch (args)
{
    case ["server", var folder, var agents]:
        await ServerProcess.RunAsync(folder, int.Parse(agents));
        return 0;
    case ["client", var folder, var port]:
        await ClientProcess.RunAsync(folder, int.Parse(port));
        return 0;
    case [var agents, var processes, var seconds]:
        return await Measuring.RunAsync(int.Parse(agents), int.Parse(processes), TimeSpan.FromSeconds(int.Parse(seconds)));
    default:
        Console.Error.WriteLine("usage: Pressure.Bench.Access AGENTS PROCESSES SECONDS");
        return 2;
}
