namespace Pressure.Record;

/// <summary>A record of <c>hosts.log</c>: exactly one of both.</summary>
internal sealed record HostsEntry(HostSample? Host = null, GeneratorSample? Generator = null)
{
    public static HostsEntry Read(ReadOnlySpan<byte> payload)
    {
        var entry = RecordJson.Read(payload, RecordJson.Hosts);
        return (entry.Host is null) != (entry.Generator is null)
            ? entry
            : throw new InvalidDataException("Neither a sample of a host nor one of the generator.");
    }
}
