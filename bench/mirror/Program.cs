using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Pressure.Bench.Mirror;

// Holds mirrors against the plain reverse proxy: the time to production's answer, with test targets of every kind. Called by bench/mirror.sh.
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
    // The same proxy twice: how far two of the same differ is what all the others' figures are uncertain by.
    using var plain = await Plain("plain");
    using var again = await Plain("plain again");
    using var onLive = await Mirror("live target", live);
    using var onDead = await Mirror("dead target", $"http://127.0.0.1:{FreePort()}");
    using var onHole = await Mirror("black hole", $"http://127.0.0.1:{hole.Port}");
    using var onSlow = await Mirror("slow target", $"http://127.0.0.1:{slow.Port}");
    using var unused = await Mirror("share 1%", live, "--share", "1%");
    Contender[] all = [plain, again, onLive, onDead, onHole, onSlow, unused];
    foreach (var contender in all)
        await Pressing.RunAsync(contender, rate, 6, body);
    for (var round = 0; round < rounds; round++)
    {
        // Each begins once, so that none always comes after the same one.
        for (var i = 0; i < all.Length; i++)
        {
            var contender = all[(i + round) % all.Length];
            contender.Rounds.Add(await Pressing.RunAsync(contender, rate, seconds, body));
        }
        Console.Error.WriteLine($"round {round + 1} of {rounds} is done; the machine's load is {File.ReadAllText("/proc/loadavg").Split(' ')[0]}");
    }
    Medians.Print(plain, all);

    async Task<Contender> Target(string name, string delay)
    {
        var port = FreePort();
        return await Contender.StartAsync(name, port, self, "target", $"{port}", delay);
    }

    async Task<Contender> Plain(string name)
    {
        var port = FreePort();
        return await Contender.StartAsync(name, port, self, "plain", $"{port}", production);
    }

    async Task<Contender> Mirror(string name, string copy, params string[] more)
    {
        var port = FreePort();
        return await Contender.StartAsync(name, port, [mirror, "mirror", "--quiet", "--listen", $"127.0.0.1:{port}", "--to", production, "--copy", copy, "--method", "POST", .. more]);
    }
}

static int FreePort()
{
    using var listener = new TcpListener(IPAddress.Loopback, 0);
    listener.Start();
    return ((IPEndPoint)listener.LocalEndpoint).Port;
}

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
