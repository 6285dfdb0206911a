namespace Pressure.Chaos.Tests.Audit;

public sealed class AuditLogTests : IDisposable
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private readonly TempFolder _folder = new();
    private readonly FakeTime _time = new();

    private string Log => Path.Combine(_folder.Path, AuditLog.FileName);

    private string Head => Path.Combine(_folder.Path, AuditLog.HeadName);

    [Fact]
    public async Task What_was_written_is_read_newest_first_and_the_chain_holds()
    {
        await WriteAsync(5);
        var verdict = AuditReader.Verify(_folder.Path);
        Assert.Equal((5, null), (verdict.Lines, verdict.Problem));
        var last = AuditReader.Last(_folder.Path, 2);
        Assert.Equal([5, 4], last.Select(l => l.Number));
        Assert.Equal(new("ann", "strike", "on \"5\"\n中文", "permitted", "detail"), last[0].Entry);
        Assert.Equal(verdict.Hash, last[0].Hash);
    }

    [Fact]
    public void An_empty_folder_holds_an_empty_chain() => Assert.Equal((0, null), (AuditReader.Verify(_folder.Path).Lines, AuditReader.Verify(_folder.Path).Problem));

    [Fact]
    public async Task Whatever_byte_is_changed_the_line_is_named_that_breaks_the_chain()
    {
        await WriteAsync(4);
        var whole = File.ReadAllBytes(Log);
        var random = new Random(5);
        for (var round = 0; round < 300; round++)
        {
            var changed = (byte[])whole.Clone();
            var at = random.Next(whole.Length);
            changed[at] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(Log, changed);
            var line = whole.AsSpan(0, at).Count((byte)'\n') + 1;
            var problem = AuditReader.Verify(_folder.Path).Problem;
            Assert.NotNull(problem);
            // A line end that is changed makes one line of two.
            Assert.Matches($"line ({line - 1}|{line}|{line + 1})", problem);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Lines_that_are_cut_off_taken_out_or_put_in_are_missed(int line)
    {
        await WriteAsync(4);
        var lines = File.ReadAllLines(Log);
        File.WriteAllLines(Log, lines[..(line - 1)]);
        Assert.Contains($"ends with line {line - 1}, and 4 were written", AuditReader.Verify(_folder.Path).Problem);
        File.WriteAllLines(Log, [.. lines[..line], lines[line - 1], .. lines[line..]]);
        Assert.Contains($"line {line + 1} breaks the chain", AuditReader.Verify(_folder.Path).Problem);
        if (line == 4)
            return;
        File.WriteAllLines(Log, [.. lines[..(line - 1)], .. lines[line..]]);
        Assert.Contains($"line {line} breaks the chain", AuditReader.Verify(_folder.Path).Problem);
    }

    [Fact]
    public async Task What_was_cut_off_stays_missed_when_writing_goes_on()
    {
        await WriteAsync(4);
        File.WriteAllLines(Log, File.ReadAllLines(Log)[..2]);
        await WriteAsync(1);
        Assert.Contains("line 3 breaks the chain", AuditReader.Verify(_folder.Path).Problem);
        File.Delete(Log);
        await WriteAsync(1);
        Assert.Contains("line 1 breaks the chain", AuditReader.Verify(_folder.Path).Problem);
    }

    [Fact]
    public async Task A_log_that_was_written_anew_with_its_head_is_found_out_by_a_hash_noted_elsewhere()
    {
        await WriteAsync(3);
        var noted = AuditReader.Verify(_folder.Path).Hash;
        await WriteAsync(2);
        Assert.Null(AuditReader.Verify(_folder.Path, noted).Problem);
        File.Delete(Log);
        File.Delete(Head);
        await WriteAsync(5);
        Assert.Null(AuditReader.Verify(_folder.Path).Problem);
        Assert.Contains("written anew", AuditReader.Verify(_folder.Path, noted).Problem);
    }

    [Fact]
    public async Task Without_its_head_a_log_is_not_believed()
    {
        await WriteAsync(3);
        File.Delete(Head);
        Assert.Contains("audit.head is missing", AuditReader.Verify(_folder.Path).Problem);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_writer_that_died_over_a_line_leaves_a_chain_that_holds_and_the_next_one_mends_it(bool wholeLine)
    {
        await WriteAsync(2);
        var head = File.ReadAllBytes(Head);
        await WriteAsync(1);
        var log = File.ReadAllBytes(Log);
        // It died before the head was written, with the line on disk, or half of it.
        File.WriteAllBytes(Head, head);
        File.WriteAllBytes(Log, wholeLine ? log : log[..^40]);
        Assert.Null(AuditReader.Verify(_folder.Path).Problem);
        await WriteAsync(1);
        var verdict = AuditReader.Verify(_folder.Path);
        Assert.Equal((4, null), (verdict.Lines, verdict.Problem));
        Assert.Equal(!wholeLine, AuditReader.Last(_folder.Path, 10).Any(l => l.Entry.Outcome == "repaired"));
    }

    [Fact]
    public async Task Many_who_write_at_once_keep_one_chain()
    {
        await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Task.Run(() => WriteAsync(1))));
        Assert.Equal((40, null), (AuditReader.Verify(_folder.Path).Lines, AuditReader.Verify(_folder.Path).Problem));
    }

    [Fact]
    public async Task A_log_that_can_not_be_written_is_an_error_for_people()
    {
        Directory.CreateDirectory(Log);
        var e = await Assert.ThrowsAsync<GuardBookException>(() => WriteAsync(1));
        Assert.Contains("can't be written", e.Message);
    }

    public void Dispose() => _folder.Dispose();

    private async Task WriteAsync(int lines)
    {
        var log = new AuditLog(_folder.Path, _time);
        _time.Advance(TimeSpan.FromSeconds(1));
        for (var i = 1; i <= lines; i++)
            await log.WriteAsync(new("ann", "strike", $"on \"{i}\"\n中文", "permitted", "detail"), Stop);
    }
}
