using System.Runtime.CompilerServices;

namespace Pressure.Agent.Tests.Link;

/// <summary>Waits for what must come; how long it takes on a busy machine says nothing.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static async Task TrueAsync(Func<bool> condition, Func<string>? otherwise = null, [CallerArgumentExpression(nameof(condition))] string what = "")
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            if (TimeProvider.System.GetElapsedTime(start) > Patience)
                Assert.Fail($"Never came true: {what}. {otherwise?.Invoke()}");
            await Task.Delay(20);
        }
    }
}
