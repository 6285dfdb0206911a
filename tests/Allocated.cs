namespace Pressure.Tests;

/// <summary>What code allocates.</summary>
internal static class Allocated
{
    /// <summary>Bytes on this thread in the best of five rounds: compilation in the background may allocate on it.</summary>
    /// <param name="round">What is measured.</param>
    /// <param name="prepare">What goes before each round, and is not.</param>
    public static long By(Action round, Action? prepare = null) => Enumerable.Range(0, 5).Min(_ =>
    {
        prepare?.Invoke();
        var before = GC.GetAllocatedBytesForCurrentThread();
        round();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    });
}
