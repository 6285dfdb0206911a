namespace Pressure.Faults;

/// <summary>
/// What programs that carry faults do as processes of their own: the executor, the watchdog, burners, the relay. <c>pressure</c> and <c>pressure-agent</c>
/// look here before they look at their own arguments.
/// </summary>
public static class InnerVerbs
{
    /// <summary>Runs an inner verb; null if the arguments name none.</summary>
    public static Task<int>? TryRun(string[] args) => args switch
    {
        [RelayProcess.Verb, ..] => RelayProcess.RunAsync(args, TimeProvider.System),
        _ => null,
    };
}
