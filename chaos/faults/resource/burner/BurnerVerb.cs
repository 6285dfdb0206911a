using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pressure.Faults;

/// <summary>The inner verb <c>fault-burn pressure:HANDLE ORDER</c>: the process that burns.</summary>
internal static class BurnerVerb
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(200);

    /// <summary>Burns until it is over; 0, or 1 with a sentence on standard error.</summary>
    public static Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        // A signal to the terminal that everything was started from is none to it.
        _ = Posix.NewSession();
        try
        {
            Burn(BurnerOrder.Of((JsonObject)JsonNode.Parse(arguments[2])!));
            return Task.FromResult(0);
        }
        catch (Exception e) when (e is FaultException or IOException or UnauthorizedAccessException or JsonException or OutOfMemoryException)
        {
            Console.Error.WriteLine(e.Message);
            return Task.FromResult(1);
        }
    }

    private static void Burn(BurnerOrder order)
    {
        // Where memory runs out this process is the first to go, and not what it strikes.
        File.WriteAllText("/proc/self/oom_score_adj", "1000");
        using var target = Hold(order);
        foreach (var group in order.Groups)
            File.WriteAllText($"{group}/cgroup.procs", $"{Environment.ProcessId}");
        using IBurning burning = order.Work == "memory" ? new MemoryBurning(order) : new CpuBurning(order);
        if (IsOver(order, target, TimeSpan.Zero))
            throw new FaultException("The target ended, or the fault was undone, while its burner was being started.");
        Console.WriteLine("ready");
        while (!IsOver(order, target, LookEvery))
            burning.Look();
        // At once: as long as this process is in its target's control groups they can't be removed.
        KernelCalls.Exit(0);
    }

    private static HeldProcess? Hold(BurnerOrder order) =>
        order.Target is not var (pid, start) ? null : HeldProcess.Hold(pid, start) ?? throw new FaultException("The target has ended. Choose targets anew.");

    /// <summary>Waits so long at the most, and says whether it has nothing to do here any more.</summary>
    private static bool IsOver(BurnerOrder order, HeldProcess? target, TimeSpan patience)
    {
        var left = order.Deadline - Posix.SinceBoot();
        var wait = left < patience ? left : patience;
        return KernelCalls.Ended(target?.Descriptor ?? -1, wait > TimeSpan.Zero ? wait + TimeSpan.FromMilliseconds(1) : TimeSpan.Zero)
            || Posix.SinceBoot() >= order.Deadline
            || !File.Exists(order.Intent);
    }
}

/// <summary>Something that is being used up, from its making on.</summary>
internal interface IBurning : IDisposable
{
    /// <summary>Called several times a second.</summary>
    void Look();
}
