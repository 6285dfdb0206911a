using Pressure.TrafficCopy;

namespace Pressure.Cli.Mirror;

/// <summary>The capture that a mirror writes: masked, then onto the disk.</summary>
internal sealed class MirrorCapture : IDisposable
{
    private readonly CaptureWriter _writer;
    private readonly Masking _masking;

    private readonly string _path;

    private MirrorCapture(string path, CaptureWriter writer, MaskRules masks) => (_path, _writer, _masking) = (path, writer, new Masking(masks, writer));

    /// <summary>Takes exchanges.</summary>
    public IExchangeSink Sink => _masking;

    /// <summary>Begins a capture.</summary>
    /// <exception cref="IOException">The file exists already, or can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public static MirrorCapture Begin(string path, MaskRules masks, TimeProvider time) =>
        new(path, new CaptureWriter(path, new() { Masked = masks.InWords }, time), masks);

    /// <summary>Ends it: what is in it, or why it could not be written to its end.</summary>
    public (CaptureInfo? Info, string? Failure) Complete()
    {
        try
        {
            return (_writer.Complete(new() { MaskedCounts = _masking.Counts }), null);
        }
        catch (CaptureWriteException e)
        {
            return (null, e.Message);
        }
    }

    /// <summary>Takes it away again, since nothing was started.</summary>
    public void Discard()
    {
        Dispose();
        File.Delete(_path);
    }

    /// <inheritdoc/>
    public void Dispose() => _writer.Dispose();
}
