namespace Pressure.Agent.Tests;

/// <summary>Waits for what a listener is to hear.</summary>
internal static class Hearing
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    /// <summary>Until the collection with this number was heard and every one that began with those before it is over.</summary>
    public static Task HeardAsync(this IGcListener listener, GcLog log, long number) =>
        UntilAsync(() => log.All.Any(a => a.What.Number >= number) || listener.Ended.IsCompleted);

    /// <summary>Until something holds.</summary>
    public static async Task UntilAsync(Func<bool> holds)
    {
        var since = TimeProvider.System.GetTimestamp();
        while (!holds())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(since) < Limit, "waited in vain");
            await Task.Delay(20);
        }
    }
}
