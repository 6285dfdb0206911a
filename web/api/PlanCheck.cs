namespace Pressure.Web.Api;

/// <summary>What the service thinks of a plan.</summary>
/// <param name="Valid">Whether the plan is right.</param>
/// <param name="MayRun">Whether it is right and all its hosts may be pressed.</param>
/// <param name="Problems">All that is wrong.</param>
/// <param name="Refusals">Hosts that may not be pressed, each as a sentence with its remedy.</param>
internal sealed record PlanCheck(bool Valid, bool MayRun, IReadOnlyList<PlanProblemView> Problems, IReadOnlyList<string> Refusals);
