using Pressure.Record;

namespace Pressure.Agent;

/// <summary>A process that is sampled, and listened to if its runtime collects garbage.</summary>
/// <param name="Pid">Its id in the host's own pid namespace; its files are seen under <c>/proc/PID/root</c>.</param>
/// <param name="Start">Its start in clock ticks since boot: ids are used again.</param>
/// <param name="Name">As <see cref="ProcessSample.Name"/>.</param>
/// <param name="NamespacePid">Its id as it knows it itself (the same outside containers).</param>
/// <param name="CommandLine">Its arguments, the program first.</param>
/// <param name="Container">Name of its container, if any.</param>
/// <param name="Service">The service it belongs to by its container's labels, if any.</param>
/// <param name="Runtime">Its runtime with a garbage collector; null for others.</param>
public sealed record WatchedProcess(int Pid, long Start, string Name, int NamespacePid, IReadOnlyList<string> CommandLine, string? Container, string? Service, GcRuntime? Runtime);
