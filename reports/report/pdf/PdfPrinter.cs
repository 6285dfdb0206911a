using System.Diagnostics;

namespace Pressure.Reports;

/// <summary>Prints the HTML report to PDF by a headless Chromium in a process and a profile of its own.</summary>
internal static class PdfPrinter
{
    public const string Name = "report.pdf";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>Prints; returns why it could not, or null.</summary>
    public static Task<string?> PrintAsync(string htmlFile, string pdfFile, CancellationToken stop)
    {
        var (browser, problem) = Chromium.Find(Environment.GetEnvironmentVariable);
        return browser is null ? Task.FromResult(problem) : PrintAsync(browser, Limit, htmlFile, pdfFile, stop);
    }

    /// <summary>The same by a given browser within a given time.</summary>
    internal static async Task<string?> PrintAsync(string browser, TimeSpan limit, string htmlFile, string pdfFile, CancellationToken stop)
    {
        var profile = Directory.CreateTempSubdirectory("pressure-print-");
        var draft = $"{pdfFile}.{Guid.NewGuid():N}.tmp";
        try
        {
            var problem = await RunAsync(browser, Arguments(htmlFile, draft, profile.FullName), limit, stop);
            if (problem is not null)
                return problem;
            if (!File.Exists(draft) || new FileInfo(draft).Length == 0)
                return $"{browser} ended without writing a PDF. Open report.html and print it from a browser instead.";
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

    private static async Task<string?> RunAsync(string browser, IEnumerable<string> arguments, TimeSpan limit, CancellationToken stop)
    {
        var start = new ProcessStartInfo(browser, arguments) { RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false };
        using var process = new Process { StartInfo = start };
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(limit);
        try
        {
            process.Start();
            var complaints = process.StandardError.ReadToEndAsync(patience.Token);
            var output = process.StandardOutput.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
            await output;
            return process.ExitCode == 0 ? null : $"{browser} failed with exit code {process.ExitCode}: {LastLine(await complaints)}";
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return $"{browser} could not be started: {e.Message}";
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return $"{browser} did not finish printing within {Figures.Span(limit)}. Open report.html and print it from a browser instead.";
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
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A dying renderer may still write into it; it lies in the temporary folder.
        }
    }
}
