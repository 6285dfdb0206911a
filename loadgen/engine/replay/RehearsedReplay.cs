using System.Buffers;

namespace Pressure.LoadGen.Engine;

/// <summary>A replay for a rehearsal: two clients, who ask a thousand times a second together.</summary>
internal sealed class RehearsedReplay(TimeSpan length) : IReplaySource, IReplayFeed
{
    private static readonly TimeSpan Gap = TimeSpan.FromMilliseconds(1);

    private int _taken;

    /// <inheritdoc/>
    public TimeSpan NextDue => IsExhausted ? TimeSpan.MaxValue : _taken * Gap;

    /// <inheritdoc/>
    public bool IsExhausted => _taken * Gap > length;

    /// <inheritdoc/>
    public IReplayFeed Open(ReplayPart part) => this;

    /// <inheritdoc/>
    public ReplayedRequest Take() => new Asking { Due = _taken * Gap, Client = _taken++ % 2 };

    /// <inheritdoc/>
    public void Drop(ReplayedRequest request)
    {
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private sealed class Asking : ReplayedRequest
    {
        public override AnswerParts Wanted => AnswerParts.Whole;

        public override void Write(IBufferWriter<byte> to, ReadOnlySpan<byte> traceparent)
        {
            // Marked: a live replay of the loopback interface sees it pass, and would send it to the target.
            to.Write("GET / HTTP/1.1\r\nX-Pressure-Run: rehearsal\r\ntraceparent: "u8);
            to.Write(traceparent);
            to.Write("\r\n\r\n"u8);
        }

        public override void Over(in ReplayedAnswer answer)
        {
        }
    }
}
