using Pressure.Record;

namespace Pressure.Reports;

/// <summary>When the generator, not the target, is what saturated. One rule, used while a run goes on and in its summary.</summary>
public static class GeneratorHealth
{
    /// <summary>Why the generator is saturated judging by its samples so far, as an English clause; null while it is healthy.</summary>
    public static string? WhySaturated(IReadOnlyList<GeneratorSample> samples) => throw new NotImplementedException();
}
