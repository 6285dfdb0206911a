using System.Text.Json;
using Pressure.Faults;

namespace Pressure.Striker;

/// <summary>A controller that strikes and tells what it does, so that somebody can kill it.</summary>
internal static class Controller
{
    public static async Task<int> RunAsync(string state, string orders, TimeSpan lease, TimeSpan duration, string socket)
    {
        await using var executor = await ExecutorProcess.StartAsync(state, socket, lease, CancellationToken.None);
        Console.WriteLine($"executor {executor.Pid}");
        var starts = File.ReadAllLines(orders).Select(line => JsonSerializer.Deserialize(line, FaultJson.Default.FaultOrder)! with { Duration = duration }).Select(async order =>
        {
            var start = await executor.StartAsync(order, CancellationToken.None);
            Console.WriteLine(start switch
            {
                FaultStart.InForce inForce => $"on {inForce.Handle}",
                FaultStart.Refused refused => $"refused {order.Kind}: {refused.Why}",
                FaultStart.Failed failed => $"failed {order.Kind}: {failed.Why}",
                _ => "?",
            });
            return start;
        });
        var all = await Task.WhenAll(starts);
        Console.WriteLine("all on");
        var told = Console.In.ReadLine();
        if (told is null)
            return 0;
        foreach (var end in told == "wait" ? await Task.WhenAll(all.OfType<FaultStart.InForce>().Select(s => executor.EndOf(s.Handle))) : await executor.EndAllAsync())
            Console.WriteLine($"off {end.Handle} {end.By} {end.Outcome.GetType().Name}");
        return 0;
    }
}
