namespace Pressure.Faults;

/// <summary>
/// What programs that carry faults do as processes of their own: the executor, the watchdog, burners, the relay. <c>pressure</c> and <c>pressure-agent</c>
/// look here before they look at their own arguments.
/// </summary>
public static class InnerVerbs
{
    /// <summary>Runs an inner verb; null if the arguments name none.</summary>
    public static Task<int>? TryRun(string[] args) => TryRun(args, FaultCatalogue.All);

    /// <summary>The same for a program with faults of its own.</summary>
    /// <param name="args">The program's arguments.</param>
    /// <param name="catalogue">Every kind of fault.</param>
    public static Task<int>? TryRun(string[] args, Func<FaultTools, IReadOnlyList<IFault>> catalogue) => args switch
    {
        [ExecutorHost.Verb, ..] => ExecutorHost.RunAsync(args, catalogue),
        [WatchdogProcess.Verb, ..] => Watchdog.RunAsync(args, catalogue),
        [Burner.Verb, _, _] => BurnerVerb.RunAsync(args),
        [RelayProcess.Verb, ..] => RelayProcess.RunAsync(args, TimeProvider.System),
        _ => null,
    };
}
