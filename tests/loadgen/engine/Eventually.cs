namespace Pressure.LoadGen.Tests.Engine;

/// <summary>Waits for what comes about on another thread.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    /// <summary>Returns when the condition holds, and fails if it does not come to.</summary>
    public static async Task Holds(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(Longest);
        while (!condition() && !limit.IsCancellationRequested)
            await Task.Delay(TimeSpan.FromMilliseconds(10), CancellationToken.None);
        Assert.True(condition());
    }
}
