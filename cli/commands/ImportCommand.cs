using System.CommandLine;
using System.Text;
using Pressure.Cli.ConsoleOutput;
using Pressure.LoadGen.Importing;

namespace Pressure.Cli.Commands;

/// <summary><c>pressure import SOURCE</c>: a plan made of another tool's file.</summary>
internal static class ImportCommand
{
    public static Command Create()
    {
        var source = new Argument<string>("SOURCE") { Description = "File (also gzip), - for standard input, or one curl command in quotes" };
        var from = new Option<string?>("--from") { Description = "Format; recognised by the content when not given", HelpName = string.Join('|', Importer.Formats.Keys) };
        from.AcceptOnlyFromAmong([.. Importer.Formats.Keys]);
        var target = new Option<string?>("--target") { Description = "Base URL to press; default: the source's own host", HelpName = "URL" };
        var host = new Option<string?>("--host") { Description = "Take the requests of this host, where there are several", HelpName = "HOST" };
        var name = new Option<string?>("--name") { Description = "Name for the plan" };
        var plan = new Option<string?>("--out", "-o") { Description = "Plan file to write; default: standard output", HelpName = "FILE" };
        var force = new Option<bool>("--force") { Description = "Overwrite the plan file" };
        var noStatic = new Option<bool>("--no-static") { Description = "Leave out pictures, scripts, style sheets, fonts and the like" };
        var allMethods = new Option<bool>("--all-methods") { Description = "OpenAPI: take methods that may change data too" };
        var keepSecrets = new Option<bool>("--keep-secrets") { Description = "Write credentials, cookies and tokens into the plan" };
        var peak = new Option<bool>("--peak") { Description = "Logs: ask for the rate of the busiest second in place of the busiest hour's" };
        var json = SharedOptions.Json();
        var quiet = SharedOptions.Quiet();
        var command = new Command("import", "Make a plan of a HAR, curl commands, OpenAPI, a Postman collection, a list of URLs or an access log")
        {
            source, from, target, host, name, plan, force, noStatic, allMethods, keepSecrets, peak, json, quiet,
        };
        command.SetAction(parsed =>
        {
            var options = new ImportOptions
            {
                From = parsed.GetValue(from) is { } format ? Importer.Formats[format] : null,
                Target = parsed.GetValue(target),
                Host = parsed.GetValue(host),
                Name = parsed.GetValue(name),
                NoStatic = parsed.GetValue(noStatic),
                AllMethods = parsed.GetValue(allMethods),
                KeepSecrets = parsed.GetValue(keepSecrets),
                Peak = parsed.GetValue(peak),
            };
            var output = new ImportOutput(parsed.GetValue(json), parsed.GetValue(quiet));
            return output.Finish(Import(parsed.GetRequiredValue(source), options), parsed.GetValue(plan), parsed.GetValue(force));
        });
        return command;
    }

    private static ImportResult Import(string source, ImportOptions options)
    {
        if (source == "-")
            return Importer.Import(Console.OpenStandardInput(), "standard input", options);
        if (source.StartsWith("curl ", StringComparison.Ordinal) && !File.Exists(source))
            return Importer.Import(new MemoryStream(Encoding.UTF8.GetBytes(source)), "curl command", options with { From = options.From ?? ImportFormat.Curl });
        return Importer.ImportFile(source, options);
    }
}
