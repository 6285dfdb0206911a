using System.Diagnostics;
using System.Security.Cryptography;
using Pressure.Web.Access;

namespace Pressure.Bench.Access;

/// <summary>One AccessServer that does what its input says, a line an order, a line an answer.</summary>
internal static class ServerProcess
{
    public static async Task RunAsync(string folder, int agents)
    {
        await using var server = await AccessServer.StartAsync(new AccessOptions("https://127.0.0.1:0"), folder, TimeProvider.System);
        // Keys do not matter here, proofs do: all agents have the same one.
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var spki = key.ExportSubjectPublicKeyInfo();
        var names = Enumerable.Range(0, agents).Select(i => $"host{i}").ToArray();
        File.WriteAllLines(Path.Combine(folder, "ids"), names.Select(n => server.Enrol(n, spki)));
        File.WriteAllText(Path.Combine(folder, "key"), key.ExportPkcs8PrivateKeyPem());
        Console.WriteLine(server.Port);

        while (await Console.In.ReadLineAsync() is { } order)
        {
            Console.WriteLine(order.Split(' ') switch
            {
                ["memory"] => Memory(server),
                ["cpu"] => $"{(long)Environment.CpuUsage.TotalTime.TotalMicroseconds}",
                ["silence"] => Silence(server),
                ["commands", var count] => await CommandsAsync(server, names, int.Parse(count)),
                _ => "?",
            });
        }
    }

    /// <summary>Seconds of the longest silence, and connections.</summary>
    private static string Silence(AccessServer server)
    {
        var silences = server.Silences.ToList();
        return $"{silences.DefaultIfEmpty().Max().TotalSeconds} {silences.Count}";
    }

    /// <summary>Connections, bytes resident, bytes of managed heap.</summary>
    private static string Memory(AccessServer server)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        using var self = Process.GetCurrentProcess();
        return $"{server.Silences.Count()} {self.WorkingSet64} {GC.GetTotalMemory(false)}";
    }

    /// <summary>Round trips in microseconds, one after the other, to agents all over.</summary>
    private static async Task<string> CommandsAsync(AccessServer server, string[] names, int count)
    {
        var random = new Random(1);
        var trips = new List<double>();
        for (var i = 0; i < count; i++)
        {
            var start = Stopwatch.GetTimestamp();
            var result = await server.SendAsync(names[random.Next(names.Length)], "echo", null, TimeSpan.FromSeconds(10), CancellationToken.None);
            trips.Add(result.Error is null ? Stopwatch.GetElapsedTime(start).TotalMicroseconds : double.PositiveInfinity);
            await Task.Delay(2);
        }
        return string.Join(' ', trips);
    }
}
