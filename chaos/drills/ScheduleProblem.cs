namespace Pressure.Chaos;

/// <summary>Something wrong with a schedule.</summary>
/// <param name="Field">The field: <c>cron</c>, <c>timeZone</c>.</param>
/// <param name="Message">What is wrong, without full stop.</param>
/// <param name="Remedy">What to do.</param>
public sealed record ScheduleProblem(string Field, string Message, string Remedy);
