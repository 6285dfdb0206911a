using System.Text.Json.Nodes;

namespace Pressure.Faults.Tests.Journal;

public sealed class FaultJournalTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Faults => _folder.File("faults");

    private FaultJournal Journal => new(_folder.Path);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_written_is_read_again_whatever_it_struck()
    {
        FaultTarget[] targets =
        [
            new FaultTarget.Container(new string('a', 64), "web", "2026-01-01T00:00:00.123456789Z"),
            new FaultTarget.Process(12, 345, "orders"),
            new FaultTarget.Host("here"),
            new FaultTarget.Pod("shop", "orders-1", "u-1"),
            new FaultTarget.Route("127.0.0.1:1", "tcp://127.0.0.1:2"),
        ];
        var intents = targets.Select(t => Intent() with { Target = t, Prior = new JsonObject { ["files"] = new JsonArray("a", "b") } }).ToList();
        foreach (var intent in intents)
            Journal.Write(intent).Dispose();

        var read = Journal.Read().Cast<JournalEntry.Known>().ToDictionary(k => k.Intent.Handle, k => k.Intent);

        Assert.All(intents, i =>
        {
            Assert.Equal(i.Target, read[i.Handle].Target);
            Assert.Equal(i.Prior.ToJsonString(), read[i.Handle].Prior.ToJsonString());
            Assert.Equal((i.Deadline, i.DeadlineSinceBoot, i.BootId, i.Kind), (read[i.Handle].Deadline, read[i.Handle].DeadlineSinceBoot, read[i.Handle].BootId, read[i.Handle].Kind));
        });
    }

    [Fact]
    public void A_folder_that_is_none_is_no_journal_with_nothing_in_it()
    {
        File.WriteAllText(_folder.File("state"), "");

        Assert.ThrowsAny<IOException>(() => new FaultJournal(_folder.File("state")).Read());
        Assert.Empty(new FaultJournal(_folder.File("nowhere")).Read());
    }

    [Fact]
    public void An_intent_has_one_owner_until_that_lets_go_of_it()
    {
        var intent = Intent();
        var held = Journal.Write(intent);

        Assert.True(((JournalEntry.Known)Journal.Read()[0]).Held);
        Assert.Null(Journal.TryTake(intent.Handle));
        held.Dispose();
        using var taken = Journal.TryTake(intent.Handle);
        Assert.Equal(intent.Handle, taken!.Intent.Handle);
        Assert.Null(Journal.TryTake(intent.Handle));
    }

    [Fact]
    public void What_is_closed_is_gone_and_how_it_ended_is_known()
    {
        var intent = Intent();
        var held = Journal.Write(intent);
        Journal.Note(held, new FaultLeft(1, DateTimeOffset.UnixEpoch, "something", "look"));
        var end = new FaultEnd(intent.Handle, new UndoOutcome.NothingToUndo("it is gone"), DateTimeOffset.UnixEpoch, "watchdog");

        Journal.Close(held, end);

        Assert.True(Journal.IsEmpty);
        Assert.Equal(end, Journal.EndOf(intent.Handle)!.End);
        Assert.Null(Journal.TryTake(intent.Handle));
    }

    [Theory]
    [InlineData("0123456789ab.json", "")]
    [InlineData("0123456789ab.json", "{\"handle\":\"0123456789ab\",\"ki")]
    [InlineData("0123456789ab.json", "null")]
    [InlineData("0123456789ab.json", "{}")]
    [InlineData("0123456789ab.json", "\u0000\u0000\u0000\u0000")]
    [InlineData("0123456789ab.json", "{\"handle\":\"0123456789ab\",\"kind\":\"x\",\"target\":{\"kind\":\"planet\",\"name\":\"x\"},\"journaledAt\":\"2026-01-01T00:00:00Z\",\"deadline\":\"2026-01-01T00:00:00Z\",\"deadlineSinceBoot\":\"00:00:01\",\"bootId\":\"b\"}")]
    [InlineData("../0123456789ab.json", null)]
    [InlineData("notes.txt", "something of somebody's")]
    [InlineData("0123456789AB.json", "{}")]
    public void What_says_nothing_is_told_of_and_never_removed(string name, string? content)
    {
        Directory.CreateDirectory(Faults);
        var path = Path.Combine(Faults, Path.GetFileName(name));
        File.WriteAllText(path, content ?? "x");

        var unreadable = Assert.IsType<JournalEntry.Unreadable>(Assert.Single(Journal.Read()));

        Assert.Equal(path, unreadable.Path);
        Assert.NotEmpty(unreadable.Why);
        Assert.True(File.Exists(path));
        Assert.False(Journal.IsEmpty);
    }

    [Fact]
    public void An_intent_under_another_s_name_is_not_believed()
    {
        var intent = Intent();
        Journal.Write(intent).Dispose();
        File.Move(Path.Combine(Faults, $"{intent.Handle}.json"), Path.Combine(Faults, "0123456789ab.json"));

        Assert.Contains(intent.Handle, Assert.IsType<JournalEntry.Unreadable>(Assert.Single(Journal.Read())).Why, StringComparison.Ordinal);
    }

    [Fact]
    public void An_intent_that_was_being_written_when_its_writer_died_is_no_fault()
    {
        Directory.CreateDirectory(Faults);
        var (fresh, old) = (Path.Combine(Faults, "0123456789ab.tmp"), Path.Combine(Faults, "0123456789ac.tmp"));
        File.WriteAllText(fresh, "{\"ha");
        File.WriteAllText(old, "{\"ha");
        File.SetLastWriteTimeUtc(old, DateTimeOffset.UnixEpoch.UtcDateTime);

        Assert.Empty(Journal.Read());
        Assert.True(File.Exists(fresh));
        Assert.False(File.Exists(old));
    }

    [Fact]
    public async Task Whoever_looks_is_never_in_the_way_of_an_intent_that_is_being_written()
    {
        Directory.CreateDirectory(Faults);
        using var written = new CancellationTokenSource();
        var looking = Task.Run(() =>
        {
            while (!written.IsCancellationRequested)
                Journal.Read();
        }, CancellationToken.None);

        for (var i = 0; i < 1_000; i++)
        {
            var intent = Intent();
            Journal.Close(Journal.Write(intent), new FaultEnd(intent.Handle, new UndoOutcome.Undone(), DateTimeOffset.UnixEpoch, "deadline"));
        }

        await written.CancelAsync();
        await looking;
        Assert.True(Journal.IsEmpty);
    }

    [Fact]
    public void A_journal_that_can_not_be_written_says_so_and_keeps_nothing()
    {
        File.WriteAllText(Faults, "a file where the folder should be");

        Assert.ThrowsAny<IOException>(() => Journal.Write(Intent()));
    }

    [Fact]
    public void History_is_bounded_and_the_oldest_go()
    {
        Directory.CreateDirectory(_folder.File("ended"));
        for (var i = 0; i < 1_500; i++)
        {
            var file = Path.Combine(_folder.File("ended"), $"{i:x12}.json");
            File.WriteAllText(file, "{}");
            File.SetLastWriteTimeUtc(file, DateTimeOffset.UnixEpoch.UtcDateTime.AddSeconds(i));
        }
        var intent = Intent();

        var journal = Journal;
        journal.Close(journal.Write(intent), new FaultEnd(intent.Handle, new UndoOutcome.Undone(), DateTimeOffset.UnixEpoch, "deadline"));

        Assert.Equal(1_000, Directory.GetFiles(_folder.File("ended")).Length);
        Assert.NotNull(journal.EndOf(intent.Handle));
    }

    [Theory]
    [InlineData("")]
    [InlineData("../../etc/x")]
    [InlineData("0123456789AB")]
    [InlineData("0123456789abc")]
    public void Only_handles_become_names_of_files(string text)
    {
        Assert.False(FaultHandle.IsHandle(text));
        Assert.Null(Journal.EndOf(text));
    }

    internal static FaultIntent Intent() => new()
    {
        Handle = FaultHandle.New(),
        Kind = "noted",
        Target = new FaultTarget.Host("here"),
        JournaledAt = DateTimeOffset.UnixEpoch,
        Deadline = DateTimeOffset.UnixEpoch + TimeSpan.FromMinutes(1),
        DeadlineSinceBoot = TimeSpan.FromMinutes(1),
        BootId = "this boot",
    };
}
