namespace Pressure.TrafficCopy;

/// <summary>What may be asked of reading a capture file.</summary>
public sealed record CaptureReadOptions
{
    /// <summary>Takes the secrets that the file holds; null to pass them over.</summary>
    public ISecretsSink? Secrets { get; init; }

    /// <summary>Is told now and then how many bytes of the file have been read (of a packed file: of the packed ones).</summary>
    public Action<long>? Progress { get; init; }

    /// <summary>Ends reading early.</summary>
    public CancellationToken Stop { get; init; }
}
