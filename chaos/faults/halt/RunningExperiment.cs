namespace Pressure.Faults;

/// <summary>An experiment that a process of this machine runs.</summary>
/// <param name="Id">Its run's id.</param>
/// <param name="Title">Its title.</param>
/// <param name="By">Who runs it.</param>
/// <param name="Pid">The process.</param>
/// <param name="StartedAt">When it began.</param>
public sealed record RunningExperiment(string Id, string Title, string By, int Pid, DateTimeOffset StartedAt);
