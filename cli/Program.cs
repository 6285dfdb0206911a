using Pressure.Cli;
using Pressure.Faults;

// Executors and watchdogs are this program too; they are there before anything else of it is.
if (InnerVerbs.TryRun(args) is { } inner)
    return await inner;
return await CommandLine.RunAsync(args);
