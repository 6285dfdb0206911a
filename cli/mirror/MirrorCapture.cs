using Pressure.TrafficCopy;

namespace Pressure.Cli.Mirror;

/// <summary>The capture that a mirror writes: masked, then onto the disk.</summary>
internal sealed class MirrorCapture : IDisposable
{
    private readonly CaptureWriter _writer;
    private readonly Masking _masking;

    private MirrorCapture(CaptureWriter writer, MaskRules masks) => (_writer, _masking) = (writer, new Masking(masks, writer));

    /// <summary>Takes exchanges.</summary>
    public IExchangeSink Sink => _masking;

    /// <summary>Begins a capture.</summary>
    /// <exception cref="IOException">The file exists already, or can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public static MirrorCapture Begin(string path, MaskRules masks, TimeProvider time) =>
        new(new CaptureWriter(path, new() { Masked = masks.InWords }, time), masks);

    /// <summary>Ends it; null when it could not be written to its end, which its recorder has told of.</summary>
    public CaptureInfo? Complete()
    {
        try
        {
            return _writer.Complete(new() { MaskedCounts = _masking.Counts });
        }
        catch (CaptureWriteException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _writer.Dispose();
}
