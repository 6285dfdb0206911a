using System.Collections.Concurrent;
using Pressure.LoadGen.Tests.Engine;

namespace Pressure.LoadGen.Tests.Replay;

/// <summary>Many clients who come and go, a target that closes connections as it likes, and too few places: whatever happens, no session mixes with another.</summary>
public class ReplayCrowdTests
{
    private const int Clients = 200;
    private const int Requests = 3000;

    [Theory]
    [InlineData(1, false)]
    [InlineData(3, false)]
    [InlineData(3, true)]
    public async Task Sessions_stay_apart_and_in_order_whoever_leaves_or_closes(int lanes, bool atOnce)
    {
        var sessions = new ConcurrentBag<List<string>>();
        var moods = new ConcurrentQueue<int>(Enumerable.Range(0, 20_000).Select(i => new Random(i).Next(20)));
        await using var server = new RawServer(async c =>
        {
            var session = new List<string>();
            sessions.Add(session);
            while (await c.ReadRequestAsync() is { } head)
            {
                session.Add(head.Split(' ')[1]);
                moods.TryDequeue(out var mood);
                if (mood == 1)
                    await c.DelayAsync(0.005);
                await c.WriteAsync(mood == 2 ? "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok" : RawServer.Ok);
                if (mood is 2 or 3)
                    return;
            }
        });
        var replay = new MemoryReplay(Crowd()) { AtOnce = atOnce };
        var plan = ReplayRun.Plan(server.Url, order: atOnce ? ReplayRun.AtOnce(25) : null);

        var run = await ReplayRun.Of(plan with { Http = plan.Http with { MaxConnections = 30 } }, replay, lanes);

        Assert.Equal((Requests, 0L), (run.Only.Ok, run.Only.NotSent));
        // What the server saw of a client, session after session, is what the client was to send.
        var seen = sessions.Where(s => s.Count > 0).Select(s => (Client: Assert.Single(s.Select(p => p.Split('/')[1]).Distinct()), Numbers: s.Select(p => int.Parse(p.Split('/')[2])).ToList()))
            .GroupBy(s => s.Client).ToDictionary(g => g.Key, g => g.OrderBy(s => s.Numbers[0]).SelectMany(s => s.Numbers));
        Assert.All(replay.Requests.Where(r => !r.IsGoodbye).GroupBy(r => r.Client), client => Assert.Equal(Enumerable.Range(0, client.Count()), seen[$"{client.Key}"]));
    }

    // Some clients end with their last request, some say farewell later, some just stay.
    private static List<MemoryRequest> Crowd()
    {
        var random = new Random(6);
        var places = Enumerable.Range(0, Requests).Select(_ => (long)random.Next(Clients)).ToList();
        var left = places.CountBy(c => c).ToDictionary(c => c.Key, c => c.Value);
        var made = new Dictionary<long, int>();
        var crowd = new List<MemoryRequest>();
        for (var i = 0; i < Requests; i++)
        {
            var client = places[i];
            var number = made[client] = made.GetValueOrDefault(client, -1) + 1;
            crowd.Add(MemoryRequest.Get(client, i / 2.0, $"/{client}/{number}", last: --left[client] == 0 && client % 3 == 0));
            if (left[client] == 0 && client % 3 == 1)
                crowd.Add(MemoryRequest.Farewell(client, i / 2.0));
        }

        return crowd;
    }
}
