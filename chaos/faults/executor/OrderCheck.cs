namespace Pressure.Faults;

/// <summary>Says beforehand what is wrong with an order; the target is not looked at.</summary>
internal static class OrderCheck
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <summary>Why it is refused; null if it is not.</summary>
    public static FaultStart.Refused? Refusal(IReadOnlyList<IFault> faults, FaultOrder order)
    {
        if (faults.FirstOrDefault(f => f.Description.Kind == order.Kind)?.Description is not { } fault)
            return new($"There is no fault '{order.Kind}'.", $"There are {string.Join(", ", faults.Select(f => f.Description.Kind))}.");
        var problems = FaultArguments.Problems(fault, order.Arguments).ToList();
        if (!fault.Strikes(order.Target.Kind))
            problems.Add($"{order.Kind} strikes a {string.Join(" or a ", fault.Targets.Select(Word))}; {order.Target.Label} is a {Word(order.Target.Kind)}.");
        if (order.Duration <= TimeSpan.Zero || order.Duration > Longest)
            problems.Add($"{order.Kind} can't hold for {order.Duration}: longer than nothing, one day at the most.");
        return problems.Count > 0 ? new(string.Join(' ', problems), "Correct the order; nothing was touched.") : null;
    }

    private static string Word(TargetKind kind) => kind.ToString().ToLowerInvariant();
}
