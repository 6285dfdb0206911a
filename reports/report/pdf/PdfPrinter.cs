using System.Diagnostics;

namespace Pressure.Reports;

/// <summary>Prints the HTML report to PDF by a headless Chromium in a process and a profile of its own.</summary>
internal static class PdfPrinter
{
    public const string Name = "report.pdf";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>Prints; returns why it could not, or null.</summary>
    public static async Task<string?> PrintAsync(string htmlFile, string pdfFile, CancellationToken stop)
    {
        if (Chromium.Find(Environment.GetEnvironmentVariable) is not { Path: { } browser } found)
            return Chromium.Find(Environment.GetEnvironmentVariable).Problem;
        var profile = Directory.CreateTempSubdirectory("pressure-print-");
        var draft = $"{pdfFile}.{Guid.NewGuid():N}.tmp";
        try
        {
            var problem = await RunAsync(browser, Arguments(htmlFile, draft, profile.FullName), stop);
            if (problem is not null)
                return problem;
            if (!File.Exists(draft) || new FileInfo(draft).Length == 0)
                return $"{found.Path} ended without writing a PDF. Open report.html and print it from a browser instead.";
            File.Move(draft, pdfFile, overwrite: true);
            return null;
        }
        finally
        {
            File.Delete(draft);
            Remove(profile);
        }
    }

    private static IEnumerable<string> Arguments(string htmlFile, string pdfFile, string profile)
    {
        yield return "--headless";
        // Chromium refuses to sandbox as root; the page that it opens is our own and may load nothing (see its content policy).
        if (Environment.UserName == "root")
            yield return "--no-sandbox";
        yield return "--disable-gpu";
        yield return "--disable-dev-shm-usage";
        yield return "--no-first-run";
        yield return "--disable-background-networking";
        yield return "--disable-component-update";
        yield return "--disable-sync";
        yield return "--disable-extensions";
        yield return $"--user-data-dir={profile}";
        yield return "--virtual-time-budget=10000";
        yield return "--no-pdf-header-footer";
        yield return "--generate-pdf-document-outline";
        yield return $"--print-to-pdf={pdfFile}";
        yield return new Uri(Path.GetFullPath(htmlFile)).AbsoluteUri + "#print";
    }

    private static async Task<string?> RunAsync(string browser, IEnumerable<string> arguments, CancellationToken stop)
    {
        var start = new ProcessStartInfo(browser, arguments) { RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false };
        using var process = new Process { StartInfo = start };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(Limit);
        try
        {
            process.Start();
            var complaints = process.StandardError.ReadToEndAsync(limit.Token);
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            await output;
            return process.ExitCode == 0 ? null : $"{browser} failed with exit code {process.ExitCode}: {LastLine(await complaints)}";
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return $"{browser} could not be started: {e.Message}";
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return $"{browser} did not finish printing within {Limit.TotalSeconds:0} s. Open report.html and print it from a browser instead.";
        }
        finally
        {
            Kill(process);
        }
    }

    /// <summary>With its children: renderers outlive a browser that is killed alone.</summary>
    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended, or never began.
        }
    }

    private static string LastLine(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() ?? "no message";

    private static void Remove(DirectoryInfo profile)
    {
        try
        {
            profile.Delete(recursive: true);
        }
        catch (IOException)
        {
            // A dying renderer may still write into it; it lies in the temporary folder.
        }
    }
}
