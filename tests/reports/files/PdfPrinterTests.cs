using System.Runtime.Versioning;
using Pressure.TestKit;

namespace Pressure.Reports.Tests;

[SupportedOSPlatform("linux")]
public sealed class PdfPrinterTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private async Task<string?> PrintByAsync(string script, TimeSpan limit)
    {
        var browser = _folder.Script("browser", "#!/bin/sh\n" + script);
        return await PdfPrinter.PrintAsync(browser, limit, _folder.File("report.html"), _folder.File("report.pdf"), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_browser_that_fails_is_quoted() =>
        Assert.Contains("failed with exit code 3: no display", await PrintByAsync("echo no display >&2; exit 3", TimeSpan.FromMinutes(1)), StringComparison.Ordinal);

    [Fact]
    public async Task A_browser_that_writes_nothing_is_a_problem() =>
        Assert.Contains("without writing a PDF", await PrintByAsync("exit 0", TimeSpan.FromMinutes(1)), StringComparison.Ordinal);

    [Fact]
    public async Task A_browser_that_hangs_is_killed_with_its_children()
    {
        var pidFile = _folder.File("pid");
        var problem = await PrintByAsync($"sleep 300 & echo $! > {pidFile}; wait", TimeSpan.FromSeconds(8));
        Assert.Contains("did not finish printing", problem, StringComparison.Ordinal);
        var child = int.Parse(await File.ReadAllTextAsync(pidFile, TestContext.Current.CancellationToken));
        for (var i = 0; i < 200 && ProcFile.IsRunning(child); i++)
            await Task.Delay(50, TestContext.Current.CancellationToken);
        Assert.False(ProcFile.IsRunning(child));
        Assert.Empty(Directory.GetFiles(_folder.Path, "*.tmp"));
    }
}
