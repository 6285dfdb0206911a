using System.CommandLine;
using Pressure.Reports.Export;

namespace Pressure.Cli.Commands;

/// <summary><c>--export</c>: where figures are sent while a run goes on. An option and never a part of a plan: a plan from elsewhere must not make this machine call anywhere.</summary>
internal static class ExportOptions
{
    public static Option<string[]> Create() => new("--export")
    {
        Description = "Send figures while it runs (repeatable): influx=http://HOST:8086/write?db=NAME, influx=http://HOST:8086/api/v2/write?org=ORG&bucket=NAME, otlp=http://HOST:4318, otlp-grpc=http://HOST:4317. "
            + "Tokens come from PRESSURE_INFLUX_TOKEN and PRESSURE_OTLP_TOKEN, or from the files that these with _FILE behind name",
        HelpName = "SINK=URL",
        DefaultValueFactory = _ => [],
    };

    /// <summary>The targets, or what is wrong with the first that is not right.</summary>
    public static (IReadOnlyList<ExportTarget> Targets, string? Problem) Read(IEnumerable<string> written)
    {
        var targets = new List<ExportTarget>();
        foreach (var one in written)
        {
            try
            {
                var (target, problem) = ExportTarget.Parse(one, SecretFile.OfVariable);
                if (target is null)
                    return ([], problem);
                targets.Add(target);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return ([], $"--export: the file with the token can't be read: {e.Message}");
            }
        }
        return (targets, null);
    }
}
