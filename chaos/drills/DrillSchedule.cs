namespace Pressure.Chaos;

/// <summary>When an experiment is drilled, or a plan is run, as asked.</summary>
public sealed record DrillSchedule
{
    /// <summary>Its name (<see cref="PlainName"/>).</summary>
    public required string Name { get; init; }

    /// <summary>Name of the kept experiment; empty if <see cref="Plan"/> says what is to be done.</summary>
    public string Experiment { get; init; } = "";

    /// <summary>Text of a plan, run with its load instead of an experiment; null if there is none.</summary>
    public string? Plan { get; init; }

    /// <summary>Cron expression of five fields; null if <see cref="EveryMinutes"/> says it.</summary>
    public string? Cron { get; init; }

    /// <summary>Minutes from one to the next, counted from midnight of <see cref="TimeZone"/>'s first day of 2000; null if <see cref="Cron"/> says it.</summary>
    public int? EveryMinutes { get; init; }

    /// <summary>Time zone of the expression and the calendar: <c>Europe/Berlin</c>.</summary>
    public string TimeZone { get; init; } = "UTC";

    /// <summary>Hours in which it may begin: <c>09:00-17:00</c>, also over midnight; null for any.</summary>
    public string? Hours { get; init; }

    /// <summary>Only Monday to Friday.</summary>
    public bool WorkingDays { get; init; }

    /// <summary>Days on which it does not begin.</summary>
    public IReadOnlyList<DateOnly> Holidays { get; init; } = [];

    /// <summary>Asks the probes of the hypothesis and strikes nothing.</summary>
    public bool ProbesOnly { get; init; }

    /// <summary>Failures in a row after which it is switched off; 0 for never.</summary>
    public int DisableAfter { get; init; } = 3;
}
