using System.CommandLine;
using System.Text.Json;
using Pressure.Cli.ConsoleOutput;
using Pressure.LoadGen;
using Pressure.Reports;

namespace Pressure.Cli.Commands;

/// <summary><c>pressure init TEMPLATE</c>: a commented plan to start from.</summary>
internal static class InitCommand
{
    public static Command Create()
    {
        var name = new Argument<string?>("TEMPLATE") { Description = string.Join(", ", PlanTemplates.All.Select(t => t.Name)), Arity = ArgumentArity.ZeroOrOne };
        var list = new Option<bool>("--list") { Description = "Tell the templates, each with the question that it answers" };
        var file = new Option<string?>("--out", "-o") { Description = "Plan file to write, - for standard output; default: TEMPLATE.yaml", HelpName = "FILE" };
        var force = new Option<bool>("--force") { Description = "Overwrite the plan file" };
        var target = new Option<string?>("--target") { Description = "Base URL to press; default: the sample shop", HelpName = "URL" };
        var language = SharedOptions.Language();
        var json = SharedOptions.Json();
        var quiet = SharedOptions.Quiet();
        var command = new Command("init", "Write a commented plan to start from, for one of seven kinds of test") { name, list, file, force, target, language, json, quiet };
        command.SetAction(parsed =>
        {
            var output = new RunOutput(parsed.GetValue(json), parsed.GetValue(quiet));
            if (parsed.GetValue(list))
                return List(parsed.GetValue(language), parsed.GetValue(json));
            if (parsed.GetValue(name) is not { } wanted)
                return output.Invalid("No template is named.", "Write one, such as pressure init load; pressure init --list tells all of them.");
            if (PlanTemplates.Find(wanted, out var remedy) is not { } template)
                return output.Invalid($"There is no template '{wanted}'.", remedy);
            var text = template.Text;
            if (parsed.GetValue(target) is { } url && (text = PlanTemplates.For(template, url, out var problem)) is null)
                return output.Invalid($"--target: {problem.Message}.", problem.Remedy);
            return Write(template, text, parsed.GetValue(file) ?? $"{template.Name}.yaml", parsed.GetValue(force), parsed.GetValue(json), parsed.GetValue(quiet), output);
        });
        return command;
    }

    private static int List(ReportLanguage language, bool json)
    {
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(PlanTemplates.All.Select(t => new { t.Name, Purpose = PurposeIn(t, language) }), ReportJson.Indented));
            return ExitCodes.Ok;
        }
        foreach (var template in PlanTemplates.All)
            Console.WriteLine($"{template.Name,-16}{PurposeIn(template, language)}");
        return ExitCodes.Ok;
    }

    private static string PurposeIn(PlanTemplate template, ReportLanguage language) => language == ReportLanguage.Zh ? template.ChinesePurpose : template.Purpose;

    private static int Write(PlanTemplate template, string text, string file, bool force, bool json, bool quiet, RunOutput output)
    {
        if (file == "-")
        {
            Console.Write(text);
            return ExitCodes.Ok;
        }
        if (PlanFile.Write(file, text, force) is { } problem)
            return output.Invalid($"{file}: {problem.Message}.", problem.Remedy);
        if (json)
            Console.WriteLine(JsonSerializer.Serialize(new { Template = template.Name, File = file }, ReportJson.Indented));
        else if (!quiet)
            Console.WriteLine($"{file}: {template.Purpose} Next: pressure run {file} --once");
        return ExitCodes.Ok;
    }
}
