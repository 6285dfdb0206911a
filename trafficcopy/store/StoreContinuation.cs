namespace Pressure.TrafficCopy;

/// <summary>What a writer has to know to go on with a file that another one began.</summary>
/// <param name="Header">Its first record.</param>
/// <param name="End">Where to go on.</param>
/// <param name="Index">The blocks up to there.</param>
/// <param name="Connections">The connections that may go on.</param>
/// <param name="Endpoints">What was asked for.</param>
/// <param name="Exchanges">Exchanges that are in it.</param>
/// <param name="FirstAt">When the first one began; 0 without one.</param>
/// <param name="LastAt">When the last one began; 0 without one.</param>
internal sealed record StoreContinuation(
    CaptureHeader Header, long End, IReadOnlyList<IndexEntry> Index, ConnectionBook Connections, EndpointTally Endpoints, long Exchanges, long FirstAt, long LastAt);
