using Pressure.Bench.Docker;

// Faults of containers against an engine of its own: how far our moments are from the engine's, and how long a whole room takes.
// Usage: Pressure.Bench.Docker [kills] [room]
var kills = args.Length > 0 ? int.Parse(args[0]) : 100;
var room = args.Length > 1 ? int.Parse(args[1]) : 50;
await using var ground = await StrikingGround.StartAsync();
foreach (var kind in (string[])["container-kill", "container-crash", "container-pause"])
    await Moments.PrintAsync(ground, kind, kills);
foreach (var kind in (string[])["container-pause", "network-disconnect", "container-kill"])
    await Room.PrintAsync(ground, kind, room);
