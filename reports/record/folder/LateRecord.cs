using System.Text.Json;

namespace Pressure.Record;

/// <summary>
/// What a host could tell of a run only after its end. It is added as often as one likes, also after a crash in the middle: what the folder has
/// already is passed over.
/// </summary>
/// <param name="Host">The host.</param>
/// <param name="Samples">Its samples.</param>
/// <param name="Collections">Its processes' collections.</param>
/// <param name="Heard">That it was heard again; told once.</param>
public sealed record LateRecord(string Host, IReadOnlyList<HostSample> Samples, IReadOnlyList<GcEvent> Collections, TimelineEvent.HostHeard Heard)
{
    /// <summary>Adds it to a run that has ended, and flushes. One caller at a time.</summary>
    /// <returns>How many samples and collections were new.</returns>
    /// <exception cref="InvalidDataException">Not a run folder, or the run has not ended.</exception>
    /// <exception cref="IOException">It can't be written; what was added stays.</exception>
    public int AddTo(string folder)
    {
        if (!RunFolder.ReadEvents(folder).Any(e => e is TimelineEvent.RunEnded))
            throw new InvalidDataException($"The run in '{folder}' has not ended: only its own process may write there.");
        var added = AddSamples(folder);
        // Last: while it is missing, somebody will try again.
        AddEvent(folder);
        return added;
    }

    private int AddSamples(string folder)
    {
        var samples = new HashSet<TimeSpan>();
        var collections = new HashSet<(TimeSpan, int, GcKind, long?, TimeSpan)>();
        using var log = Continue(folder, RunFolder.HostsFile, payload =>
        {
            var entry = HostsEntry.Read(payload);
            if (entry.Host is { } sample && sample.Host == Host)
                samples.Add(sample.At);
            if (entry.Gc is { } collection && collection.Host == Host)
                collections.Add(Key(collection));
        });
        var added = 0;
        foreach (var sample in Samples.Where(s => samples.Add(s.At)))
        {
            log.Append(JsonSerializer.SerializeToUtf8Bytes(new HostsEntry(Host: sample), RecordJson.Hosts));
            added++;
        }
        foreach (var collection in Collections.Where(c => collections.Add(Key(c))))
        {
            log.Append(JsonSerializer.SerializeToUtf8Bytes(new HostsEntry(Gc: collection), RecordJson.Hosts));
            added++;
        }
        return added;
    }

    private void AddEvent(string folder)
    {
        var told = false;
        using var log = Continue(folder, RunFolder.EventsFile, payload => told = RecordJson.Read(payload, RecordJson.Events) switch
        {
            TimelineEvent.HostHeard heard when heard.Host == Host => true,
            TimelineEvent.HostSilent silent when silent.Host == Host => false,
            _ => told,
        });
        if (!told)
            log.Append(JsonSerializer.SerializeToUtf8Bytes<TimelineEvent>(Heard, RecordJson.Events));
    }

    private static LogWriter Continue(string folder, string name, TakePayload take)
    {
        var path = Path.Combine(folder, name);
        return new LogWriter(path, LogReader.Read(folder, name, take) is { } torn ? torn.BytesKept : new FileInfo(path).Length);
    }

    private static (TimeSpan, int, GcKind, long?, TimeSpan) Key(GcEvent c) => (c.At, c.Pid, c.Kind, c.Number, c.Pause);
}
