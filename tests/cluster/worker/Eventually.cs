namespace Pressure.Cluster.Tests;

/// <summary>Waits for what will come, as long as a busy machine may take.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>The first value that is not null.</summary>
    public static async Task<T> Get<T>(Func<T?> get)
        where T : class
    {
        for (var began = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(began) < Limit;)
        {
            if (get() is { } value)
                return value;
            await Task.Delay(20);
        }
        throw new TimeoutException("It did not come.");
    }

    /// <summary>Until it holds.</summary>
    public static Task Holds(Func<bool> condition) => Get(() => condition() ? "" : null);
}
