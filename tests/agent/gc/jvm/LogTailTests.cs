using System.Text;

namespace Pressure.Agent.Tests;

public sealed class LogTailTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly StringBuilder _read = new();
    private readonly LogTail _tail;

    public LogTailTests() =>
        _tail = new LogTail(() => File.Exists(Log) ? Log : null, _ => Directory.EnumerateFiles(_folder.Path, "gc.log.*"));

    private string Log => _folder.File("gc.log");

    [Fact]
    public void It_begins_at_the_end_with_whole_lines()
    {
        File.WriteAllText(Log, "first\nsecond\nthi");
        var head = "";
        Assert.True(_tail.Begin(bytes => head = Encoding.UTF8.GetString(bytes)));

        File.AppendAllText(Log, "rd\nfourth\n");

        Assert.Equal("third\nfourth\n", Look());
        Assert.StartsWith("first\n", head);
    }

    [Fact]
    public void A_log_that_comes_later_is_read_from_its_begin()
    {
        Assert.False(_tail.Begin(_ => { }));
        Assert.Equal("", Look());
        File.WriteAllText(Log, "first\n");

        Assert.Equal("first\n", Look());
    }

    [Fact]
    public void Across_a_rotation_nothing_is_lost_and_nothing_read_twice()
    {
        File.WriteAllText(Log, "a\n");
        Assert.True(_tail.Begin(_ => { }));
        File.AppendAllText(Log, "b\n");
        Assert.Equal("b\n", Look());

        File.AppendAllText(Log, "c\n");
        File.Move(Log, _folder.File("gc.log.0"));
        Assert.Equal("c\n", Look());
        File.WriteAllText(Log, "d\n");
        Assert.Equal("|d\n", Look());
        File.AppendAllText(Log, "e\n");
        Assert.Equal("e\n", Look());
    }

    [Fact]
    public void While_the_new_file_is_empty_the_log_stays_open()
    {
        File.WriteAllText(Log, "a\n");
        Assert.True(_tail.Begin(_ => { }));
        File.AppendAllText(Log, "b\n");
        File.Move(Log, _folder.File("gc.log.0"));
        File.WriteAllText(Log, "");
        Assert.Equal("b\n", Look());
        Assert.Equal("", Look());
        Assert.NotNull(_tail.Open);

        // It is written to, and rotated again, before the next look.
        File.WriteAllText(Log, "c\n");
        File.SetLastWriteTimeUtc(Log, File.GetLastWriteTimeUtc(_folder.File("gc.log.0")).AddSeconds(1));
        File.Move(Log, _folder.File("gc.log.1"));
        File.WriteAllText(Log, "d\n");

        Assert.Equal("|c\n|d\n", Look());
    }

    [Fact]
    public void Files_that_came_and_went_between_two_looks_are_read_too()
    {
        File.WriteAllText(Log, "a\n");
        Assert.True(_tail.Begin(_ => { }));
        var when = File.GetLastWriteTimeUtc(Log);
        Rotate("gc.log.0", "b\n", when.AddSeconds(1));
        Rotate("gc.log.1", "c\n", when.AddSeconds(2));
        Rotate("gc.log.2", "d\n", when.AddSeconds(3));
        // An old one of the run before.
        File.WriteAllText(_folder.File("gc.log.3"), "old\n");
        File.SetLastWriteTimeUtc(_folder.File("gc.log.3"), when.AddSeconds(-1));

        Assert.Equal("|b\n|c\n|d\n", Look());

        void Rotate(string name, string next, DateTime written)
        {
            File.SetLastWriteTimeUtc(Log, written.AddSeconds(-1));
            File.Move(Log, _folder.File(name));
            File.WriteAllText(Log, next);
            File.SetLastWriteTimeUtc(Log, written);
        }
    }

    [Fact]
    public void A_deleted_log_made_anew_is_read_from_its_begin()
    {
        File.WriteAllText(Log, "a\n");
        Assert.True(_tail.Begin(_ => { }));
        File.AppendAllText(Log, "b\n");
        File.Delete(Log);
        File.WriteAllText(Log, "c\n");

        Assert.Equal("b\n|c\n", Look());
    }

    [Fact]
    public void A_log_cut_to_nothing_is_read_from_its_begin()
    {
        File.WriteAllText(Log, "a long line that was here before\n");
        Assert.True(_tail.Begin(_ => { }));
        File.WriteAllText(Log, "b\n");

        Assert.Equal("|b\n", Look());
    }

    [Fact]
    public void A_pipe_in_the_log_s_place_does_not_hold_it_up()
    {
        using var made = System.Diagnostics.Process.Start("mkfifo", [Log]);
        made.WaitForExit();

        Assert.False(_tail.Begin(_ => { }));
        Assert.Equal("", Look());
    }

    [Fact]
    public void A_log_larger_than_the_buffer_is_read_whole()
    {
        File.WriteAllText(Log, "\n");
        Assert.True(_tail.Begin(_ => { }));
        var text = string.Concat(Enumerable.Range(0, 50_000).Select(n => $"line {n}\n"));
        File.AppendAllText(Log, text);

        Assert.Equal(text, Look());
    }

    public void Dispose()
    {
        _tail.Dispose();
        _folder.Dispose();
    }

    /// <summary>What a look gives; a bar where a file has ended.</summary>
    private string Look()
    {
        _read.Clear();
        _tail.Look(bytes => _read.Append(Encoding.UTF8.GetString(bytes)), () => _read.Append('|'));
        return _read.ToString();
    }
}
