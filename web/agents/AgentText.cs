using Pressure.Record;
using Pressure.Reports;
using Pressure.Web.Language;

namespace Pressure.Web.Agents;

/// <summary>What pages say of agents.</summary>
internal static class AgentText
{
    /// <summary>How far the host's clock is off, give or take: <c>+1.25 s ± 0.4 ms</c>.</summary>
    public static string Clock(ClockEstimate clock)
    {
        // What must be added to the host's clock is what it is behind by.
        var ahead = -clock.Offset.TotalMilliseconds;
        var sign = Math.Abs(ahead) < 0.005 ? "" : ahead > 0 ? "+" : "−";
        return Figures.Unbroken($"{sign}{Figures.Duration(Math.Abs(ahead))} ± {Figures.Duration(clock.Uncertainty.TotalMilliseconds)}");
    }

    /// <summary>The largest share of time that a process of the host stood still for collections; null if none is listened to.</summary>
    public static double? WorstPause(HostSample? sample) => sample?.Processes?.Select(p => p.Gc?.PauseShare).Max();

    /// <summary>How long ago something was.</summary>
    public static string Ago(TimeSpan time, Texts t) => time switch
    {
        { TotalSeconds: < 90 } => t.With("agents.ago.seconds", Math.Max(0, (int)time.TotalSeconds)),
        { TotalMinutes: < 90 } => t.With("agents.ago.minutes", (int)time.TotalMinutes),
        { TotalHours: < 36 } => t.With("agents.ago.hours", (int)time.TotalHours),
        _ => t.With("agents.ago.days", (int)time.TotalDays),
    };

    /// <summary>A part of a whole, where there is a whole: <c>1.2 / 4</c>.</summary>
    public static string Of(string part, string? whole) => whole is null ? part : $"{part} / {whole}";
}
