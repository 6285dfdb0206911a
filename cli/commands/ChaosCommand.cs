using System.CommandLine;

namespace Pressure.Cli.Commands;

/// <summary><c>pressure chaos</c>: faults, and what keeps them from staying.</summary>
internal static class ChaosCommand
{
    public static Command Create(TimeProvider time)
    {
        var command = new Command("chaos", "Strike on purpose, and leave nothing behind");
        foreach (var part in All(time))
            command.Subcommands.Add(part);
        return command;
    }

    /// <summary>The list.</summary>
    private static IReadOnlyList<Command> All(TimeProvider time) =>
    [
        StatusCommand.Create(time),
        StopCommand.Create(time),
        RevertCommand.Create(time),
        HaltAllCommand.Create(time),
        HaltAllCommand.CreateResume(time),
        GatewayCommand.Create(time),
        ChaosValidateCommand.Create(),
        ChaosPlanCommand.Create(time),
        ChaosRunCommand.Create(time),
        ChaosFaultCommand.Create(time),
        MonkeyCommand.Create(time),
        ChaosProbeCommand.Create(time),
        ChaosExportCommand.Create(),
        ChaosFaultsCommand.Create(),
        GuardsCommand.Create(time),
        ApprovalsCommand.Create(time),
        ApprovalsCommand.CreateApprove(time),
        ApprovalsCommand.CreateReject(time),
        ChaosReportCommand.Create(),
    ];
}
