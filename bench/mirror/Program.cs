using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Pressure.Bench.Mirror;

// Holds mirrors against the plain reverse proxy: the time to production's answer, with test targets of every kind. Called by bench/mirror.sh.
// Seconds: longer than copies wait for an answer, so that a mirror knows by then that its target is dead.
const int WarmUp = 8;
switch (args)
{
    case ["plain", var port, var to]:
        await PlainProxy.RunAsync(Number(port), to);
        return 0;
    case ["target", var port, var delay]:
        await BadTarget.RunAsync(Number(port), delay == "never" ? Timeout.InfiniteTimeSpan : TimeSpan.FromMilliseconds(Number(delay)));
        return 0;
    case [var production, var live, var mirror, var rounds, var seconds, var rate, var body]:
        await CompareAsync(production, live, mirror, Number(rounds), Number(seconds), Number(rate), Number(body));
        return 0;
    default:
        Console.Error.WriteLine("usage: Pressure.Bench.Mirror PRODUCTION LIVE-TARGET pressure.dll ROUNDS SECONDS RATE BODY");
        return 2;
}

static async Task CompareAsync(string production, string live, string mirror, int rounds, int seconds, int rate, int body)
{
    var self = typeof(Contender).Assembly.Location;
    using var hole = await Target("hole", "never");
    using var slow = await Target("slow", "500");
    Contender[] all =
    [
        Plain("plain"),
        // Once more: how far the same differs from itself is what all the others' figures are uncertain by.
        Plain("plain again"),
        Mirror("live target", live),
        Mirror("dead target", $"http://127.0.0.1:{FreePort()}"),
        Mirror("black hole", $"http://127.0.0.1:{hole.Port}"),
        Mirror("slow target", $"http://127.0.0.1:{slow.Port}"),
        Mirror("share 1%", live, "--share", "1%"),
    ];
    for (var round = 0; round < rounds; round++)
    {
        // Each begins once, so that none always comes after the same one.
        for (var i = 0; i < all.Length; i++)
        {
            var contender = all[(i + round) % all.Length];
            using var running = await contender.StartAsync(FreePort());
            // Until its code is compiled, and its copies have found out what their target is.
            await Pressing.RunAsync(running, rate, WarmUp, body);
            contender.Rounds.Add(await Pressing.RunAsync(running, rate, seconds, body));
        }
        Console.Error.WriteLine($"round {round + 1} of {rounds} is done; the machine's load is {File.ReadAllText("/proc/loadavg").Split(' ')[0]}");
    }
    Medians.Print(all[0], all);

    Task<Running> Target(string name, string delay)
    {
        var port = FreePort();
        return Running.StartAsync(name, port, self, "target", $"{port}", delay);
    }

    Contender Plain(string name) => new(name, port => [self, "plain", $"{port}", production]);

    Contender Mirror(string name, string copy, params string[] more) =>
        new(name, port => [mirror, "mirror", "--quiet", "--listen", $"127.0.0.1:{port}", "--to", production, "--copy", copy, "--method", "POST", .. more]);
}

static int FreePort()
{
    using var listener = new TcpListener(IPAddress.Loopback, 0);
    listener.Start();
    return ((IPEndPoint)listener.LocalEndpoint).Port;
}

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
