using System.CommandLine;
using Pressure.Cli.Commands;
using Pressure.Cli.Replay;

namespace Pressure.Cli.Mirror;

/// <summary>The options of <c>pressure mirror</c> that say what is recorded, and what of it is masked.</summary>
internal sealed class MirrorRecordOptions
{
    private readonly Option<string?> _record = new("--record") { Description = "Write the exchanges with production to this capture, secrets masked; it must not exist", HelpName = "FILE.capture" };
    private readonly CaptureMaskOptions _masks = new();

    /// <summary>Puts them all into a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_record);
        _masks.AddTo(command);
    }

    /// <summary>Whether a capture is asked for.</summary>
    public bool IsAsked(ParseResult parsed) => parsed.GetValue(_record) is not null;

    /// <summary>What was typed, and all that is wrong with it; null when nothing is to be recorded.</summary>
    public MirrorRecording? Read(ParseResult parsed, List<OptionProblem> problems)
    {
        var masks = _masks.Read(parsed, problems);
        if (parsed.GetValue(_record) is not { } file)
        {
            problems.AddRange(_masks.Given(parsed).Select(option => new OptionProblem(option, "It is for what is recorded", "Add --record FILE.capture.")));
            return null;
        }
        if (Directory.Exists(file))
            problems.Add(new(_record.Name, $"{file} is a folder", "Name a file."));
        else if (File.Exists(file))
            problems.Add(new(_record.Name, $"{file} exists already", "Name a file that does not exist yet."));
        else if (Path.GetDirectoryName(Path.GetFullPath(file)) is { } folder && !Directory.Exists(folder))
            problems.Add(new(_record.Name, $"There is no folder {folder}", "Make it, or name another one."));
        return new(file, masks);
    }
}
