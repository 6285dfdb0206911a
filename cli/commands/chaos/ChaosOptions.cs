using System.CommandLine;

namespace Pressure.Cli.Commands;

/// <summary>Options that several commands of chaos have; each call makes one for its own command.</summary>
internal static class ChaosOptions
{
    public static Argument<string> File() => new("FILE") { Description = "Experiment in Chaos Toolkit's format, YAML or JSON" };

    public static Option<int?> Seed() => new("--seed") { Description = "Lets chance choose the same targets again", HelpName = "N" };

    public static Option<string?> Service() => new("--service") { Description = "The service whose agents' hosts are struck (default: $PRESSURE_SERVICE, or http://127.0.0.1:5100)", HelpName = "URL" };

    public static Option<string[]> Arguments(string example = "percent=30%") => new("--argument", "-a") { Description = $"An argument (repeatable): {example}", HelpName = "NAME=VALUE", DefaultValueFactory = _ => [] };
}
