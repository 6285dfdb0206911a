using System.CommandLine;

namespace Pressure.Cli.Commands;

/// <summary><c>pressure chaos report DIR</c>: the reports of a drill's or a run's folder, as <c>pressure report</c> writes them.</summary>
internal static class ChaosReportCommand
{
    public static Command Create() => ReportCommand.Create("Write the report of a drill, or of a run with chaos, anew");
}
