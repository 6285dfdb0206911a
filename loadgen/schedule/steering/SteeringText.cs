using System.Globalization;

namespace Pressure.LoadGen;

/// <summary>
/// Changes as people write them: <c>rate 500/s</c>, <c>rate 150%</c>, <c>rate plan</c>, <c>users 50</c>, <c>users plan</c>, <c>pause</c>,
/// <c>resume</c>, <c>stop</c>. The command line, its socket, the API and the page all read them here.
/// </summary>
public static class SteeringText
{
    private const string Plan = "plan";

    /// <summary>Reads a change.</summary>
    /// <param name="what"><c>rate</c>, <c>users</c>, <c>pause</c>, <c>resume</c> or <c>stop</c>.</param>
    /// <param name="value">What it is to be; null for those that need none.</param>
    public static SteeringWish Parse(string what, string? value) => (what, value?.Trim()) switch
    {
        ("rate" or "users", null or "") => SteeringWish.No($"'{what}' does not say what it is to be", what == "rate" ? RateRemedy : UsersRemedy),
        ("rate" or "users", Plan) => new(new SteeringChange.ToPlan()),
        ("rate", { } text) when text.EndsWith('%') => Factor(text),
        ("rate", { } text) => RateText.Parse(text, out var rate) is { } complaint
            ? SteeringWish.No(complaint.Message, complaint.Remedy == RateText.Remedy ? RateRemedy : complaint.Remedy)
            : new(new SteeringChange.ToRate(rate)),
        ("users", { } text) => Users(text),
        ("pause", null) => new(new SteeringChange.Pause()),
        ("resume", null) => new(new SteeringChange.Resume()),
        ("stop", null) => new(new SteeringChange.Finish()),
        ("pause" or "resume" or "stop", _) => SteeringWish.No($"'{what}' takes no value", "Leave the value away."),
        _ => SteeringWish.No($"'{Shown.Of(what)}' is nothing that a running test can be told", "Say rate, users, pause, resume or stop."),
    };

    /// <summary>Reads a change in one piece, as <see cref="Write"/> writes it: <c>rate 500/s</c>.</summary>
    public static SteeringWish Parse(string text)
    {
        var words = text.Trim().Split(' ', 2);
        return Parse(words[0], words.Length > 1 ? words[1] : null);
    }

    /// <summary>Writes a change so that <see cref="Parse(string)"/> reads the same one. Rates of more digits than can be written are rounded.</summary>
    public static string Write(SteeringChange change) => change switch
    {
        SteeringChange.ToRate { Rate: var rate } => $"rate {Number(rate.Count)}/{Unit(rate.Per)}",
        SteeringChange.ToFactor { Factor: var factor } => $"rate {Number(factor * 100)}%",
        SteeringChange.ToPlan => $"rate {Plan}",
        SteeringChange.ToUsers { Users: var users } => $"users {Number(users)}",
        SteeringChange.Pause => "pause",
        SteeringChange.Resume => "resume",
        SteeringChange.Finish => "stop",
        _ => throw new InvalidOperationException($"Unknown change {change.GetType().Name}"),
    };

    // With point and digits the longest that is read has 25 characters.
    private static string Number(decimal value)
    {
        var text = Plainly(value);
        return text.Length <= 25 ? text : Plainly(decimal.Round(value, Math.Max(0, 24 - Plainly(decimal.Truncate(value)).Length)));

        static string Plainly(decimal number) => number.ToString("0.############################", CultureInfo.InvariantCulture);
    }

    private static string Unit(TimeSpan per) => per == TimeSpan.FromSeconds(1) ? "s" : per == TimeSpan.FromMinutes(1) ? "min" : $"{Number(per.Ticks / (decimal)TimeSpan.TicksPerMillisecond)}ms";

    private const string RateRemedy = "Write requests per time, such as 500/s, a share of the plan, such as 150%, or plan.";

    private const string UsersRemedy = "Write a number of users, such as 50, or plan.";

    private static SteeringWish Factor(string text) => NumberText.TryParse(text.AsSpan()[..^1], out var percent)
        ? new(new SteeringChange.ToFactor(percent / 100))
        : SteeringWish.No($"'{Shown.Of(text)}' is not a share of the plan's rate", RateRemedy);

    private static SteeringWish Users(string text)
    {
        if (!NumberText.TryParse(text, out var users) || users != decimal.Truncate(users))
            return SteeringWish.No($"'{Shown.Of(text)}' is not a number of users", UsersRemedy);
        return users > PlanLimits.MostUsers
            ? SteeringWish.No($"{Shown.Of(text)} is more than {PlanLimits.MostUsers:N0} users", "Write a lower number.")
            : new(new SteeringChange.ToUsers((int)users));
    }
}

/// <summary>A change that was read, or (when null) what is wrong with its text and what to do.</summary>
public sealed record SteeringWish(SteeringChange? Change, string Problem = "", string Remedy = "")
{
    internal static SteeringWish No(string problem, string remedy) => new(null, problem, remedy);
}
