namespace Pressure.Agent;

/// <summary>
/// Samples the host on a fixed schedule, whatever becomes of the centre. A tick that could not be kept is left out, never made up for: a sample says itself
/// how long it covers.
/// </summary>
/// <param name="sample">Takes a sample.</param>
/// <param name="settings">How often.</param>
/// <param name="clock">For waiting.</param>
/// <param name="tell">Takes what people should know.</param>
public sealed class SamplingLoop(Action sample, LiveSettings settings, AgentClock clock, Action<string> tell)
{
    private static readonly TimeSpan TellAgainAfter = TimeSpan.FromMinutes(10);

    private readonly SelfCheck _check = new();
    private readonly long _start = clock.GetTimestamp();
    private string _told = "";
    private TimeSpan _toldAt;

    private TimeSpan Pace => settings.Current.Every * _check.Slowdown is var pace && pace < TimeSpan.FromMinutes(1) ? pace : TimeSpan.FromMinutes(1);

    /// <summary>Samples until told to stop.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Pace, clock);
        void Repace(AgentSettings _)
        {
            if (timer.Period != Pace)
                timer.Period = Pace;
        }
        settings.Changed += Repace;
        try
        {
            do
            {
                Once();
                Repace(settings.Current);
            }
            while (await timer.WaitForNextTickAsync(stop));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // That is how it ends.
        }
        finally
        {
            settings.Changed -= Repace;
        }
    }

    private void Once()
    {
        if (clock.Jump() is { } jump)
            tell($"The host's clock was set {(jump > TimeSpan.Zero ? "forward" : "back")} by {jump.Duration()}. Samples keep the old one until the agent is started anew; the centre measures the difference.");
        try
        {
            sample();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // One second that can't be read is a gap in the record; the next one may be fine.
            TellOnce($"The host could not be sampled: {e.Message}");
        }
        if (_check.Take(clock.GetElapsedTime(_start), Environment.CpuUsage.TotalTime) is { } pace)
            tell(pace);
    }

    private void TellOnce(string what)
    {
        var now = clock.GetElapsedTime(_start);
        if (what == _told && now - _toldAt < TellAgainAfter)
            return;
        (_told, _toldAt) = (what, now);
        tell(what);
    }
}
