using Pressure.Bench.Cluster;

// One part of a cluster at a time, each a process of its own, so that what it takes can be told from the others'. Lines of key=value.
switch (args)
{
    case ["merge", var workers, var requests, var times, var rounds]:
        MergeBench.Run(int.Parse(workers), int.Parse(requests), int.Parse(times), int.Parse(rounds));
        return 0;
    case ["workers", var broker, var workers, var times]:
        await MadeUpCrowd.WorkAsync(broker, int.Parse(workers), int.Parse(times));
        return 0;
    case ["coordinator", var broker, var workers, var seconds, var times, var folder]:
        await MadeUpCrowd.LeadAsync(broker, int.Parse(workers), int.Parse(seconds), int.Parse(times), folder);
        return 0;
    case ["takeovers", var port, var pressure, var folder, var rounds, .. var rooms]:
        await Takeovers.RunAsync(int.Parse(port), pressure, folder, int.Parse(rounds), [.. rooms.Select(Room.Parse)]);
        return 0;
    case ["restarts", var port, var pressure, var folder, var seconds, .. var rooms]:
        await Restarts.RunAsync(int.Parse(port), pressure, folder, int.Parse(seconds), [.. rooms.Select(Room.Parse)]);
        return 0;
    default:
        Console.Error.WriteLine("usage: Pressure.Bench.Cluster merge WORKERS REQUESTS TIMES ROUNDS | workers BROKER WORKERS TIMES | coordinator BROKER WORKERS SECONDS TIMES FOLDER\n       | takeovers PORT PRESSURE FOLDER ROUNDS ROOM... | restarts PORT PRESSURE FOLDER SECONDS ROOM...   a ROOM is NETWORK=ADDRESS");
        return 2;
}
