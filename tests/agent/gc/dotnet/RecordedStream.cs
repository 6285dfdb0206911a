namespace Pressure.Agent.Tests;

/// <summary>
/// Streams of real runtimes (.NET 10), and what the runtime itself said at the end of each. Both kinds of collectors, and the three ways to
/// ask: all events of collections, only those that are read, and as older runtimes know it, with stacks.
/// </summary>
internal sealed record RecordedStream(string Name, RuntimeSays Says)
{
    public static readonly RecordedStream Background = new("background", new RuntimeSays([15, 6, 5], TimeSpan.FromMilliseconds(16.085), 150839488, 41111728, 62480384));
    public static readonly RecordedStream Server = new("server", new RuntimeSays([17, 8, 4], TimeSpan.FromMilliseconds(33.73), 452155064, 22298384, 82178048));
    public static readonly RecordedStream Stacks = new("stacks", new RuntimeSays([27, 5, 3], TimeSpan.FromMilliseconds(2.295), 66361120, 283976, 17727488));

    public static IReadOnlyList<RecordedStream> All { get; } = [Background, Server, Stacks];

    public byte[] Bytes => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "gc/dotnet/streams", Name + ".nettrace"));

    /// <summary>Reads a stream in pieces of these sizes, one after the other and over again.</summary>
    public static ReadStream Read(ReadOnlySpan<byte> bytes, params IReadOnlyList<int> pieces)
    {
        var collections = new List<Collection>();
        var fold = new CollectionFold(collections.Add);
        var order = new TimeOrder(fold.Take);
        var reader = new NettraceReader(order);
        var longest = 0;
        string? problem = null;
        try
        {
            for (var i = 0; bytes.Length > 0; i++)
            {
                var room = reader.Room();
                longest = Math.Max(longest, room.Length);
                var count = Math.Min(Math.Min(room.Length, bytes.Length), pieces.Count > 0 ? Math.Max(1, pieces[i % pieces.Count]) : int.MaxValue);
                bytes[..count].CopyTo(room.Span);
                bytes = bytes[count..];
                reader.Advance(count);
            }
        }
        catch (InvalidDataException e)
        {
            problem = e.Message;
        }
        order.Barrier();
        fold.Finish();
        return new ReadStream(collections, fold, reader, problem, longest);
    }
}

/// <summary>What came of reading a stream.</summary>
internal sealed record ReadStream(IReadOnlyList<Collection> Collections, CollectionFold Fold, NettraceReader Reader, string? Problem, int LongestRoom)
{
    public TimeSpan Paused => TimeSpan.FromSeconds((double)Collections.Sum(c => c.Paused) / Reader.Clock!.Value.Frequency);

    /// <summary>Everything that was read, to compare.</summary>
    public IReadOnlyList<string> Lines =>
        [.. Collections.Select(c => $"{c.Number} {c.Generation} {c.Background} {c.Reason} {c.Begin} {c.Paused} {c.End} {Join(c.Before)} {Join(c.After)} {Join(c.Sizes)} {c.Committed}")];

    private static string Join(long[]? sizes) => string.Join(",", sizes ?? []);
}
