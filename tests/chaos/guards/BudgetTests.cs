using System.Diagnostics;
using static Pressure.Chaos.Tests.Guards.BookFixture;

namespace Pressure.Chaos.Tests.Guards;

public sealed class BudgetTests : BudgetSuite
{
    private const string ChildFolder = "PRESSURE_TEST_BOOK";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_programs_that_ask_at_once_get_exactly_the_budget_together()
    {
        using var folder = new TempFolder();
        using (var book = GuardBook.Open(folder.Path, TimeProvider.System, new RememberedAudit()))
            await book.SetRulesAsync(Rules(30), "setup", Stop);
        var children = Enumerable.Range(0, 2).Select(_ => StartChild(folder.Path)).ToArray();
        var permitted = 0;
        foreach (var child in children)
        {
            await child.WaitForExitAsync(Stop);
            child.Dispose();
        }
        foreach (var file in Directory.GetFiles(folder.Path, "permitted-*"))
            permitted += int.Parse(File.ReadAllText(file));
        Assert.Equal(30, permitted);
        Assert.Equal(["0", "0"], Directory.GetFiles(folder.Path, "unreadable-*").Select(File.ReadAllText));
        var verdict = AuditReader.Verify(folder.Path);
        Assert.Null(verdict.Problem);
        Assert.Equal(101, verdict.Lines);
    }

    /// <summary>What the test above runs as another program.</summary>
    [Fact]
    public async Task Child_asks_fifty_times()
    {
        if (Environment.GetEnvironmentVariable(ChildFolder) is not { } folder)
            return;
        using var book = GuardBook.Open(folder, TimeProvider.System, new AuditLog(folder, TimeProvider.System));
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => book.AskAsync(Strike(), Stop))));
        File.WriteAllText(Path.Combine(folder, $"permitted-{Environment.ProcessId}"), $"{answers.Count(a => a is GuardAnswer.Permit)}");
        File.WriteAllText(Path.Combine(folder, $"unreadable-{Environment.ProcessId}"), $"{answers.Count(a => a is GuardAnswer.Refused refused && refused.Reasons.Any(r => r.Guard == "book"))}");
    }

    private static Process StartChild(string folder)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(BudgetTests).Assembly.Location, "-method", $"{typeof(BudgetTests).FullName}.{nameof(Child_asks_fifty_times)}", "-noColor"]) { RedirectStandardOutput = true };
        start.Environment[ChildFolder] = folder;
        return Process.Start(start)!;
    }
}
