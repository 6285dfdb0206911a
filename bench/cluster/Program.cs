using Pressure.Bench.Cluster;

// One part of a cluster at a time, each a process of its own, so that what it takes can be told from the others'. One line of key=value.
switch (args)
{
    case ["merge", var workers, var requests, var times, var rounds]:
        MergeBench.Run(int.Parse(workers), int.Parse(requests), int.Parse(times), int.Parse(rounds));
        return 0;
    case ["workers", var broker, var workers, var seconds, var times]:
        await WorkerCrowd.RunAsync(broker, int.Parse(workers), int.Parse(seconds), int.Parse(times));
        return 0;
    case ["reader", var broker, var workers, var seconds, var folder]:
        await SecondsReader.RunAsync(broker, int.Parse(workers), int.Parse(seconds), folder);
        return 0;
    default:
        Console.Error.WriteLine("usage: Pressure.Bench.Cluster merge WORKERS REQUESTS TIMES ROUNDS\n       Pressure.Bench.Cluster workers BROKER WORKERS SECONDS TIMES\n       Pressure.Bench.Cluster reader BROKER WORKERS SECONDS FOLDER");
        return 2;
}
