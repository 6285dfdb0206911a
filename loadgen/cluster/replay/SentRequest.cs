using System.Buffers;
using Pressure.LoadGen;

namespace Pressure.Cluster;

/// <summary>One sending of a captured request by one client. Used again once it is over, so that a long replay leaves nothing to collect.</summary>
internal sealed class SentRequest : ReplayedRequest
{
    private TimeSpan _due;
    private bool _isFarewell;
    private bool _isLast;

    /// <summary>What is sent; null for a farewell.</summary>
    public EncodedRequest? Request { get; private set; }

    /// <summary>Who sends it.</summary>
    public ReplayClient Sender { get; private set; } = null!;

    /// <summary>The lane's part that it belongs to.</summary>
    public ReplayFeed Feed { get; private set; } = null!;

    /// <summary>When it ought to be sent: what its error counts from. Earlier than <see cref="Due"/> only where copies could not be held back long enough.</summary>
    public TimeSpan Planned { get; private set; }

    /// <inheritdoc/>
    public override TimeSpan Due
    {
        get => _due;
        init => _due = value;
    }

    /// <inheritdoc/>
    public override long Client => Sender.Id;

    /// <inheritdoc/>
    public override bool IsLast => _isLast;

    /// <inheritdoc/>
    public override bool IsFarewell => _isFarewell;

    /// <inheritdoc/>
    public override int Endpoint => Request?.Endpoint ?? 0;

    /// <inheritdoc/>
    public override int? AwaitedBytes => Request?.Awaited;

    /// <inheritdoc/>
    public override int? AwaitedReplies => Request?.AwaitedReplies;

    /// <inheritdoc/>
    public override int Size => Request?.Length ?? 0;

    /// <inheritdoc/>
    public override int ExpectedStatus => Request?.ExpectedStatus ?? 0;

    /// <inheritdoc/>
    public override AnswerParts Wanted => Request?.Wanted ?? AnswerParts.None;

    /// <summary>Makes it a sending of a request, or (null) a client's farewell.</summary>
    public void Become(EncodedRequest? request, ReplayClient sender, ReplayFeed feed, TimeSpan due) =>
        (Request, Sender, Feed, _due, Planned, _isFarewell, _isLast) = (request, sender, feed, due, due, request is null, request is { IsLast: true });

    /// <summary>Moves it behind one that has been handed on already.</summary>
    public void Postpone(TimeSpan due) => _due = due;

    /// <summary>Forgets what it was.</summary>
    public void Clear() => (Request, Sender, Feed) = (null, null!, null!);

    /// <inheritdoc/>
    public override void Write(IBufferWriter<byte> to, ReadOnlySpan<byte> traceparent) => Feed.Write(this, to, traceparent);

    /// <inheritdoc/>
    public override void Over(in ReplayedAnswer answer) => Feed.Over(this, answer);
}
