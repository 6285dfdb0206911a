using Pressure.TestKit;
using Pressure.Web.Captures;

namespace Pressure.Web.Tests.Captures;

public sealed class RecordingNoteTests : IDisposable
{
    private static readonly RecordingNote Note = new() { Agent = "web1", Capture = "c7", File = "web1.capture", Lease = 30, Masked = ["the usual"], Begun = DateTimeOffset.UnixEpoch, Place = 7, Length = 99, Exchanges = 3, Node = "a", Stopping = true };

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_was_written_last_is_read_until_it_is_taken_away()
    {
        Note.Write(_folder.Path);
        (Note with { Place = 8 }).Write(_folder.Path);

        Assert.Equivalent(Note with { Place = 8 }, Assert.Single(RecordingNote.In(_folder.Path)), strict: true);
        Note.Remove(_folder.Path);
        Assert.Empty(RecordingNote.In(_folder.Path));
        Assert.Empty(RecordingNote.In(_folder.File("nowhere")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"agent\":\"a\",\"capture\":\"c\",\"file\":\"../../etc/passwd\",\"length\":1}")]
    [InlineData("{\"agent\":\"a\",\"capture\":\"c\",\"file\":\"/etc/passwd\",\"length\":1}")]
    [InlineData("{\"agent\":\"a\",\"capture\":\"c\",\"file\":\"other.capture\",\"length\":1}")]
    [InlineData("{\"agent\":\"a\",\"capture\":\"c\",\"file\":\"x.capture\",\"length\":-1}")]
    [InlineData("{\"agent\":\"a\",\"capture\":\"c\",\"file\":\"x.capture\",\"length\":1,\"place\":-1}")]
    [InlineData("{\"agent\":null,\"capture\":\"c\",\"file\":\"x.capture\",\"length\":1}")]
    public void What_is_no_note_is_left_alone(string text)
    {
        File.WriteAllText(_folder.File("x.capture.going"), text);
        Note.Write(_folder.Path);

        Assert.Equal("web1", Assert.Single(RecordingNote.In(_folder.Path)).Agent);
        Assert.True(File.Exists(_folder.File("x.capture.going")));
    }
}
