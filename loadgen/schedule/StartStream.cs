namespace Pressure.LoadGen;

/// <summary>Starts of iterations on one schedule: all scenarios' by weight, or those of one scenario with a rate of its own.</summary>
/// <param name="Starts">When.</param>
/// <param name="Scenario">The scenario's position; null when the mix tells.</param>
public sealed record StartStream(Schedule Starts, int? Scenario);
