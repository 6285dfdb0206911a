using FsCheck;
using FsCheck.Fluent;
using static Pressure.Chaos.Tests.Guards.BookFixture;

namespace Pressure.Chaos.Tests.Guards;

/// <summary>What only several machines can do to a book.</summary>
[Collection(PostgresBooks.Name)]
public sealed class SharedBookTests(PostgresBooks books)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Budgets_hold_exactly_over_nodes_that_ask_at_once_and_the_audit_chain_is_whole()
    {
        using var folder = new TempFolder();
        var source = books.NewSource();
        SharedAudit Audit(string node) => new(source, node, TimeProvider.System, new RememberedAudit());
        GuardBook[] nodes = [.. Enumerable.Range(0, 3).Select(i => GuardBook.OpenShared(folder.Path, source, new SharedBookClock(TimeProvider.System, $"boot-{i}"), Audit($"n{i}")))];
        await nodes[0].SetRulesAsync(new GuardRules { Budgets = [new("*", 40, TimeSpan.FromHours(1))] }, "setup", Stop);

        var answers = await Task.WhenAll(Enumerable.Range(0, 120).Select(i => Task.Run(() => nodes[i % 3].AskAsync(Strike(), Stop), Stop)));

        Assert.Equal(40, answers.Count(a => a is GuardAnswer.Permit));
        Assert.Equal(40, Assert.Single(await nodes[2].BudgetsAsync(Stop)).Used);
        var verdict = await Audit("n0").VerifyAsync(Stop);
        Assert.Null(verdict.Problem);
        Assert.Equal(122, verdict.Lines);
        Assert.Equal(122, (await Audit("n0").LastAsync(500, Stop)).Count);
    }

    [Fact]
    public async Task A_line_that_somebody_changes_or_cuts_off_is_found()
    {
        var source = books.NewSource();
        var audit = new SharedAudit(source, "n", TimeProvider.System, new RememberedAudit());
        for (var i = 0; i < 5; i++)
            await audit.WriteAsync(new("ann", "strike", $"web-{i}", "permitted"), Stop);
        await ExecuteAsync("UPDATE audit SET line = replace(line, 'web-2', 'web-9')");
        Assert.Contains("line 3 breaks the chain", (await audit.VerifyAsync(Stop)).Problem);
        await ExecuteAsync("UPDATE audit SET line = replace(line, 'web-9', 'web-2'); DELETE FROM audit WHERE n = 5");
        Assert.Contains("ends with line 4, and 5 were written", (await audit.VerifyAsync(Stop)).Problem);

        async Task ExecuteAsync(string sql)
        {
            await using var command = source.CreateCommand(sql);
            await command.ExecuteNonQueryAsync(Stop);
        }
    }

    [Fact]
    public async Task Without_the_database_nothing_is_permitted_and_undoing_is_told_of_on_this_machine()
    {
        using var folder = new TempFolder();
        await using var away = Npgsql.NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Username=x;Database=x;Timeout=2");
        var own = new RememberedAudit();
        var audit = new SharedAudit(away, "n", TimeProvider.System, own);
        using var book = GuardBook.OpenShared(folder.Path, away, TimeProvider.System, audit);
        Assert.Equal("book", Assert.Single(Assert.IsType<GuardAnswer.Refused>(await book.AskAsync(Strike(), Stop)).Reasons).Guard);
        Assert.Null(await audit.TryWriteAsync(new AuditEntry("ann", "revert", "web-1", "ended")));
        Assert.Equal("revert", Assert.Single(own.Entries).What);
    }

    [Fact]
    public void The_books_time_never_goes_back_whatever_clocks_of_machines_do()
    {
        var steps = Gen.Elements(0, 1, 2).SelectMany(machine => Gen.Choose(-5_000, 90_000).Select(seconds => (Machine: machine, Seconds: seconds))).ListOf().Select(s => s.Take(12).ToArray());
        Prop.ForAll(steps.ToArbitrary(), moves =>
        {
            using var connection = books.NewSource().OpenConnection();
            var clocks = Enumerable.Range(0, 3).Select(_ => new TwoClocks()).ToArray();
            var common = new TwoClocks();
            var machines = clocks.Select((clock, i) => new SharedBookClock(clock, $"boot-{i}", common.GetUtcNow)).ToArray();
            var before = machines[0].Now(connection).Book;
            var begin = before;
            var passed = TimeSpan.Zero;
            foreach (var (machine, seconds) in moves)
            {
                // Time passes for all machines alike; what jumps are their wall clocks.
                var real = TimeSpan.FromSeconds(Math.Abs(seconds) % 600);
                foreach (var clock in clocks)
                    clock.Advance(real);
                common.Advance(real);
                passed += real;
                clocks[machine].SetWall(TimeSpan.FromSeconds(seconds));
                var now = machines[machine].Now(connection).Book;
                Assert.True(now >= before);
                Assert.True(now - begin <= passed);
                before = now;
            }
            // Whoever comes last has seen all of it.
            Assert.Equal(passed, machines[0].Now(connection).Book - begin);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(15));
    }
}
