namespace Pressure.Faults;

/// <summary>Reasons that resource faults have in common to refuse an order.</summary>
internal static class Refusals
{
    /// <summary>For arguments that the fault does not take; null if they are in order.</summary>
    public static Preparation.Refused? OfArguments(FaultDescription fault, FaultOrder order) =>
        FaultArguments.Problems(fault, order.Arguments) is { Count: > 0 } problems ? new(string.Join(' ', problems), "Put the arguments right.") : null;

    /// <summary>
    /// For a fault of the same kind that holds the same control group already: when one of two is undone the other's value would stay. Null if there is none.
    /// </summary>
    public static Preparation.Refused? OfRival(FaultTools tools, string kind, string group)
    {
        var rival = IntentFiles.All(tools).FirstOrDefault(i => IntentFiles.Text(i, "kind") is { } other && Plain(other) == Plain(kind) && IntentFiles.Text(IntentFiles.Field(i, "prior"), "group") == group);
        return rival is null ? null : new($"{group} is under {kind} already ({IntentFiles.Text(rival, "handle")}).", "Wait until that has ended.");
    }

    /// <summary>A kind without what it strikes: a container's and a process's quota are one setting.</summary>
    private static string Plain(string kind) => kind.StartsWith("process-", StringComparison.Ordinal) ? kind["process-".Length..] : kind;
}
