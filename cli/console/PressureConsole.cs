using Spectre.Console;

namespace Pressure.Cli.ConsoleOutput;

/// <summary>The console: colours and a live line on a terminal, plain wide text in a pipe or a log.</summary>
internal static class PressureConsole
{
    /// <summary>Wide enough for every table; logs need no wrapping.</summary>
    private const int LogWidth = 160;

    public static IAnsiConsole Create()
    {
        if (!Console.IsOutputRedirected)
            return AnsiConsole.Console;
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
        });
        console.Profile.Width = LogWidth;
        return console;
    }
}
