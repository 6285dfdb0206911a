namespace Pressure.Record;

/// <summary>A second as it stands in a run folder.</summary>
/// <param name="Interval">As <see cref="Record.Interval.Encode"/> wrote it.</param>
/// <param name="Generator">What the load generator did in it.</param>
/// <param name="UsedUp">Names of data files whose rows were found to be used up.</param>
public sealed record RecordedSecond(ReadOnlyMemory<byte> Interval, GeneratorSample Generator, IReadOnlyList<string> UsedUp);

/// <summary>
/// Reads the seconds of a run folder in order, also while it is being written. Of each second the events and the generator's sample have to be appended before the interval: with it
/// the second is whole. Not thread-safe.
/// </summary>
public sealed class SecondFollower : IDisposable
{
    private readonly LogFollower _intervals;
    private readonly LogFollower _hosts;
    private readonly LogFollower _events;

    /// <summary>Begins with the first second.</summary>
    /// <exception cref="IOException">The logs are not there.</exception>
    public SecondFollower(string folder)
    {
        _intervals = new(Path.Combine(folder, RunFolder.IntervalsFile));
        _hosts = new(Path.Combine(folder, RunFolder.HostsFile));
        _events = new(Path.Combine(folder, RunFolder.EventsFile));
    }

    /// <summary>The next second; null while there is none.</summary>
    /// <exception cref="InvalidDataException">A log is damaged.</exception>
    public RecordedSecond? Next()
    {
        if (_intervals.Next() is not { } interval)
            return null;
        return new(interval, NextGenerator(), UsedUp());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _intervals.Dispose();
        _hosts.Dispose();
        _events.Dispose();
    }

    private GeneratorSample NextGenerator()
    {
        while (_hosts.Next() is { } payload)
        {
            if (HostsEntry.Read(payload).Generator is { } sample)
                return sample;
        }
        throw new InvalidDataException("A second has no sample of its generator.");
    }

    private List<string> UsedUp()
    {
        var names = new List<string>();
        while (_events.Next() is { } payload)
        {
            if (RecordJson.Read(payload, RecordJson.Events) is TimelineEvent.DataUsedUp used)
                names.Add(used.Name);
        }
        return names;
    }
}
