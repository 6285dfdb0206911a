using System.Runtime.CompilerServices;
using System.Runtime.Versioning;
using Pressure.TestKit;

namespace Pressure.Web.Tests;

/// <summary>
/// Stands in for Chromium where a run's report is printed and no test looks at it: a browser takes seconds of a processor for every run. Services whose
/// folder of runs has <see cref="InEarnest"/> in it print with the real one.
/// </summary>
internal static class QuickPrinter
{
    /// <summary>A file of this name in the folder of runs has their reports printed by Chromium.</summary>
    public const string InEarnest = ".print-in-earnest";

    private static readonly TempFolder Folder = new();

    [ModuleInitializer]
    [SupportedOSPlatform("linux")]
    internal static void Take()
    {
        var program = Folder.Script("printer", $$"""
            #!/bin/sh
            for argument; do case $argument in --print-to-pdf=*) file=${argument#*=} ;; esac; done
            [ ! -e "$(dirname "$file")/../{{InEarnest}}" ] || exec /usr/bin/chromium "$@"
            echo %PDF-1.4 >"$file"
            """);
        Environment.SetEnvironmentVariable("PRESSURE_CHROMIUM", program);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Folder.Dispose();
    }
}
