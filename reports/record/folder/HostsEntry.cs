namespace Pressure.Record;

/// <summary>A record of <c>hosts.log</c>: exactly one of the three.</summary>
internal sealed record HostsEntry(HostSample? Host = null, GeneratorSample? Generator = null, GcEvent? Gc = null)
{
    public static HostsEntry Read(ReadOnlySpan<byte> payload)
    {
        var entry = RecordJson.Read(payload, RecordJson.Hosts);
        object?[] parts = [entry.Host, entry.Generator, entry.Gc];
        return parts.Count(p => p is not null) == 1
            ? entry
            : throw new InvalidDataException("Not one of a sample of a host, one of the generator, and a collection.");
    }
}
