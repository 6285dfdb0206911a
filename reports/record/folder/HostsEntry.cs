namespace Pressure.Record;

/// <summary>A record of <c>hosts.log</c>: exactly one of both.</summary>
internal sealed record HostsEntry(HostSample? Host = null, GeneratorSample? Generator = null);
