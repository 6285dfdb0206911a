using System.Text.Json;
using System.Text.Json.Serialization;

namespace Pressure.Cluster;

/// <summary>What a coordinator needs to go on with a run after it was gone: written into the run folder with each change, before anybody is told of it.</summary>
internal sealed record CrewFile
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        MaxDepth = 16,
    };

    /// <summary>Where the files lie that the plan names; null when it names none.</summary>
    public string? PlanFolder { get; init; }

    /// <summary>The plan as workers get it; null for the run's own.</summary>
    public OfferedPlan? Offered { get; init; }

    /// <summary>Hosts that may be pressed.</summary>
    public required IReadOnlyList<string> Allow { get; init; }

    /// <summary>Cards of all workers that have had a share.</summary>
    public required IReadOnlyList<WorkerCard> Workers { get; init; }

    /// <summary>All terms of each share.</summary>
    public required IReadOnlyList<IReadOnlyList<TermRecord>> Shares { get; init; }

    /// <summary>Changes of the load.</summary>
    public required IReadOnlyList<OrderedChange> Changes { get; init; }

    /// <summary>No orders have a number as high as this.</summary>
    public required long OrdersBelow { get; init; }

    /// <summary>When the load was stopped; null if it was not.</summary>
    public TimeSpan? StoppedAt { get; init; }

    /// <summary>As bytes.</summary>
    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, Options);

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="shares">How many shares the run has.</param>
    /// <exception cref="InvalidDataException">It is something else.</exception>
    public static CrewFile Read(ReadOnlySpan<byte> bytes, int shares)
    {
        try
        {
            var file = JsonSerializer.Deserialize<CrewFile>(bytes, Options) ?? throw new InvalidDataException("the file is null");
            var names = file.Workers.Select(w => w.Name).ToHashSet();
            if (names.Count != file.Workers.Count || file.Shares.Count != shares || file.OrdersBelow < 0
                || file.Shares.Any(s => s.Count == 0 || s.Index().Any(t => t.Item.Epoch != t.Index || !names.Contains(t.Item.Worker) || t.Item.From < TimeSpan.Zero)))
                throw new InvalidDataException("its shares contradict each other");
            return file;
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or ArgumentException or FormatException)
        {
            throw new InvalidDataException(e.Message, e);
        }
    }
}

/// <summary>A worker's time with a share, as it is written.</summary>
internal sealed record TermRecord(int Epoch, string Worker, TimeSpan From)
{
    /// <summary>From when on it is the successor's.</summary>
    public TimeSpan? Until { get; init; }

    /// <summary>Whether its worker was given up.</summary>
    public bool IsLost { get; init; }

    /// <summary>What it said at its end.</summary>
    public ShareEnded? Ended { get; init; }

    public static TermRecord Of(ShareTerm term) => new(term.Epoch, term.Worker, term.From) { Until = term.Until, IsLost = term.IsLost, Ended = term.Ended };

    public ShareTerm ToTerm(int share, int last) => new(share, Epoch, Worker, From) { Until = Until, IsLost = IsLost, Ended = Ended, LastBefore = last };
}
