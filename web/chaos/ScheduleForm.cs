using System.Globalization;
using System.Text.Json.Nodes;
using Pressure.Chaos;
using Pressure.Web.Language;

namespace Pressure.Web.Chaos;

/// <summary>A schedule's form as typed.</summary>
public sealed record ScheduleForm
{
    /// <summary>Its name.</summary>
    public string? Name { get; init; }

    /// <summary>The kept experiment.</summary>
    public string? Experiment { get; init; }

    /// <summary><c>drill</c>, <c>probes</c> or <c>run</c>.</summary>
    public string? What { get; init; }

    /// <summary>The plan's text, of a run.</summary>
    public string? Plan { get; init; }

    /// <summary>The cron expression.</summary>
    public string? Cron { get; init; }

    /// <summary>Every how many minutes.</summary>
    public string? EveryMinutes { get; init; }

    /// <summary>Time zone.</summary>
    public string? TimeZone { get; init; } = "UTC";

    /// <summary>Hours.</summary>
    public string? Hours { get; init; }

    /// <summary>Days, one a line.</summary>
    public string? Holidays { get; init; }

    /// <summary>Failures in a row.</summary>
    public string? DisableAfter { get; init; } = "3";

    /// <summary>Only Monday to Friday.</summary>
    public bool WorkingDays { get; init; }

    /// <summary>Not empty when it is there already.</summary>
    public string? Change { get; init; }

    /// <summary>Whether it is not there yet.</summary>
    public bool IsNew => string.IsNullOrEmpty(Change);

    internal static ScheduleForm Of(DrillSchedule schedule) => new()
    {
        Name = schedule.Name,
        Experiment = schedule.Experiment,
        What = schedule.Plan is not null ? "run" : schedule.ProbesOnly ? "probes" : "drill",
        Plan = schedule.Plan,
        Cron = schedule.Cron,
        EveryMinutes = schedule.EveryMinutes?.ToString(CultureInfo.InvariantCulture),
        TimeZone = schedule.TimeZone,
        Hours = schedule.Hours,
        Holidays = string.Join('\n', schedule.Holidays.Select(d => d.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture))),
        DisableAfter = schedule.DisableAfter.ToString(CultureInfo.InvariantCulture),
        WorkingDays = schedule.WorkingDays,
        Change = "1",
    };

    /// <summary>What an experiment's own calendar asks for; null if it has none.</summary>
    internal static ScheduleForm? Of(KeptExperiment kept, string zone)
    {
        if (kept.Result.Experiment?.Settings.Calendar is not { } calendar)
            return null;
        string? Said(string key) => calendar[key] is JsonValue value ? value.ToString() : null;
        return new()
        {
            Name = kept.Name,
            Experiment = kept.Name,
            Cron = Said("cron"),
            EveryMinutes = Said("everyMinutes"),
            TimeZone = Said("timeZone") ?? zone,
            Hours = Said("hours"),
            WorkingDays = Said("workingDays") == "true",
            Holidays = calendar["holidays"] is JsonArray days ? string.Join('\n', days) : null,
        };
    }

    /// <summary>The schedule; null with what can't be read.</summary>
    internal (DrillSchedule? Schedule, IReadOnlyList<string> Problems) Read(Texts t)
    {
        List<string> problems = [];
        List<DateOnly> holidays = [];
        foreach (var word in (Holidays ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            if (DateOnly.TryParseExact(word.Trim(','), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
                holidays.Add(day);
            else
                problems.Add(t.With("chaos.wrong.holidays", word.Length > 40 ? word[..40] : word));
        }
        int? every = null;
        if (!string.IsNullOrWhiteSpace(EveryMinutes) && Number(EveryMinutes) is var minutes)
            every = minutes ?? Wrong("chaos.wrong.everyMinutes", EveryMinutes);
        var failures = string.IsNullOrWhiteSpace(DisableAfter) ? 0 : Number(DisableAfter) ?? Wrong("chaos.wrong.disableAfter", DisableAfter);
        if (problems.Count > 0)
            return (null, problems);
        return (new DrillSchedule
        {
            Name = Name?.Trim() ?? "",
            Experiment = What == "run" ? "" : Experiment?.Trim() ?? "",
            Plan = What == "run" ? Plan?.ReplaceLineEndings("\n") ?? "" : null,
            Cron = string.IsNullOrWhiteSpace(Cron) ? null : Cron.Trim(),
            EveryMinutes = every,
            TimeZone = string.IsNullOrWhiteSpace(TimeZone) ? "UTC" : TimeZone.Trim(),
            Hours = string.IsNullOrWhiteSpace(Hours) ? null : Hours.Trim(),
            WorkingDays = WorkingDays,
            Holidays = holidays,
            ProbesOnly = What == "probes",
            DisableAfter = failures,
        }, []);

        int Wrong(string key, string text)
        {
            problems.Add(t.With(key, text.Length > 40 ? text[..40] : text));
            return 0;
        }
    }

    private static int? Number(string text) => int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
