using Pressure.Record;

namespace Pressure.Agent;

/// <summary>Begins to listen to a process; how it goes shows in <see cref="IGcListener.Ended"/>.</summary>
public delegate IGcListener GcListen(WatchedProcess process, IGcSink sink);

/// <summary>
/// Listens to the watched processes that collect garbage: begins as they come, ends as they go, tries again, less and less often, where it
/// can't, and says so once. Not thread-safe: one loop calls it as it samples.
/// </summary>
/// <param name="listen">How to listen, by runtime; the visible list of what can be listened to.</param>
/// <param name="sink">Takes the collections, from any thread.</param>
/// <param name="time">Measures how long to wait before the next try.</param>
public sealed class GcWatch(IReadOnlyDictionary<GcRuntime, GcListen> listen, IGcSink sink, TimeProvider? time = null) : IAsyncDisposable
{
    /// <summary>Processes that are listened to at the same time, at the most.</summary>
    public const int Most = 200;

    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    // A process that has only just started can't be listened to yet; that is no news.
    private const int QuietTries = 3;

    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly Dictionary<(int Pid, long Start), Watched> _watched = [];
    private readonly List<Task> _leaving = [];
    private bool _toldOfMost;

    /// <summary>Takes the processes as they are now. Returns at once.</summary>
    public void Watch(IReadOnlyList<WatchedProcess> processes)
    {
        _leaving.RemoveAll(l => l.IsCompleted);
        // Not to itself: what it told would be more to hear.
        var here = processes.Where(p => p.Runtime is { } runtime && listen.ContainsKey(runtime) && p.Pid != Environment.ProcessId).DistinctBy(Key).ToDictionary(Key);
        foreach (var gone in _watched.Keys.Where(k => !here.ContainsKey(k)).ToList())
        {
            Leave(_watched[gone]);
            _watched.Remove(gone);
        }
        foreach (var (key, process) in here)
        {
            if (!_watched.TryGetValue(key, out var watched))
            {
                if (_watched.Count >= Most)
                {
                    TellOfMost(here.Count);
                    break;
                }
                _watched[key] = watched = new Watched(process, FirstWait);
            }
            Attend(watched);
        }
    }

    /// <summary>What a process's runtime did with its memory since the last call; null for a process that is not listened to.</summary>
    public GcRates? Rates(int pid) => _watched.Values.FirstOrDefault(w => w.Process.Pid == pid)?.Listener?.Rates();

    /// <summary>Ends all listening, in the processes too.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var watched in _watched.Values)
            Leave(watched);
        _watched.Clear();
        await Task.WhenAll(_leaving);
    }

    private static (int Pid, long Start) Key(WatchedProcess process) => (process.Pid, process.Start);

    private void Attend(Watched watched)
    {
        if (watched.Listener is { Ended.IsCompleted: true } ended)
        {
            var why = ended.Ended.IsFaulted ? ended.Ended.Exception.InnerException!.Message : ended.Ended.Result;
            Leave(watched);
            if (why is null)
            {
                watched.Next = null; // it has ended, and will be gone from the list too
                return;
            }
            // What went well for longer than the longest wait begins anew.
            if (_time.GetElapsedTime(watched.Since) > LongestWait)
                (watched.Wait, watched.Tries) = (FirstWait, 0);
            watched.Next = _time.GetTimestamp() + (long)(watched.Wait.TotalSeconds * _time.TimestampFrequency);
            watched.Wait = TimeSpan.FromTicks(Math.Min(watched.Wait.Ticks * 2, LongestWait.Ticks));
            if (++watched.Tries >= QuietTries && !watched.Told)
            {
                watched.Told = true;
                sink.Tell($"Collections of {watched.Process.Name} ({watched.Process.Pid}) are not heard: {why}. Tried again once a minute.");
            }
        }
        if (watched.Listener is null && watched.Next <= _time.GetTimestamp())
        {
            watched.Since = _time.GetTimestamp();
            watched.Listener = listen[watched.Process.Runtime!.Value](watched.Process, sink);
        }
    }

    private void Leave(Watched watched)
    {
        if (watched.Listener is not { } listener)
            return;
        watched.Listener = null;
        _leaving.Add(listener.DisposeAsync().AsTask());
    }

    private void TellOfMost(int count)
    {
        if (_toldOfMost)
            return;
        _toldOfMost = true;
        sink.Tell($"{count} processes collect garbage here; the collections of {Most} are heard.");
    }

    private sealed class Watched(WatchedProcess process, TimeSpan wait)
    {
        public WatchedProcess Process => process;

        public IGcListener? Listener { get; set; }

        /// <summary>When the present listener began.</summary>
        public long Since { get; set; }

        /// <summary>When to begin to listen, if nobody does; null for never again.</summary>
        public long? Next { get; set; } = long.MinValue;

        /// <summary>How long to wait after the next failure.</summary>
        public TimeSpan Wait { get; set; } = wait;

        public int Tries { get; set; }

        public bool Told { get; set; }
    }
}
