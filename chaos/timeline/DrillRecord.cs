using System.Reflection;
using Pressure.Record;

namespace Pressure.Chaos;

/// <summary>
/// A drill's own run folder: chaos without load. It is a run like any other (lists show it, reports are made of it) that has no requests and no
/// intervals; its plan is the experiment as read. Thread-safe.
/// </summary>
/// <remarks>
/// A record that can't be written any more must not keep faults from being undone: telling never throws. <see cref="Problem"/> says what was wrong, and
/// <see cref="Lost"/> asks whoever strikes to end.
/// </remarks>
public sealed class DrillRecord : IChaosTimeline, IDisposable
{
    private readonly RunWriter _writer;
    private readonly Action<TimelineEvent>? _told;
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _lost = new();
    private bool _isOver;

    private DrillRecord(RunWriter writer, RunClock clock, Action<TimelineEvent>? told) => (_writer, Clock, _told, Lost) = (writer, clock, told, _lost.Token);

    /// <summary>Creates the folder.</summary>
    /// <param name="folder">Where; null for one of its own, named after its id, in <paramref name="runsFolder"/>.</param>
    /// <param name="runsFolder">The folder of runs.</param>
    /// <param name="name">The experiment's title.</param>
    /// <param name="document">The experiment as read, without secrets.</param>
    /// <param name="time">The clock.</param>
    /// <param name="told">Is told every event as well, after it was written; must not block.</param>
    /// <exception cref="IOException">The folder can't be written, or already holds a run.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder can't be written.</exception>
    public static DrillRecord Create(string? folder, string runsFolder, string name, string document, TimeProvider time, Action<TimelineEvent>? told = null)
    {
        var clock = new RunClock(time);
        var manifest = new RunManifest
        {
            Id = RunId.New(name, clock.StartedAt),
            Name = name,
            Target = "",
            StartedAt = clock.StartedAt,
            Version = typeof(DrillRecord).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0",
            Duration = TimeSpan.Zero,
            Load = LoadManifest.OfDrill,
            Requests = [],
            ProcessId = Environment.ProcessId,
            ProcessStart = RunFolder.ProcessStart(Environment.ProcessId) ?? 0,
        };
        return new(RunFolder.Create(folder ?? Path.Combine(runsFolder, manifest.Id), manifest, document), clock, told);
    }

    /// <summary>The manifest as written.</summary>
    public RunManifest Manifest => _writer.Manifest;

    /// <inheritdoc/>
    public RunClock Clock { get; }

    /// <inheritdoc/>
    public string Folder => _writer.Path;

    /// <summary>Why the record is not whole; null while it is.</summary>
    public string? Problem { get; private set; }

    /// <summary>The record can't be written any more.</summary>
    public CancellationToken Lost { get; }

    /// <inheritdoc/>
    public void Tell(TimelineEvent what)
    {
        lock (_gate)
        {
            if (_isOver || !Keep(() => _writer.Append(what)))
                return;
        }
        _told?.Invoke(what);
    }

    /// <summary>The drill is over: tells its end and closes the folder. What is told later is left out. Reports can be made then.</summary>
    public void Complete()
    {
        var end = new TimelineEvent.RunEnded(Clock.Now);
        lock (_gate)
        {
            if (_isOver)
                return;
            Keep(() => _writer.Append(end));
            _isOver = true;
            Keep(_writer.Dispose);
        }
        _told?.Invoke(end);
    }

    /// <summary>Closes the folder without an end, if <see cref="Complete"/> did not: the drill counts as interrupted.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (!_isOver)
            {
                _isOver = true;
                Keep(_writer.Dispose);
            }
        }
        _lost.Dispose();
    }

    private bool Keep(Action append)
    {
        try
        {
            append();
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Problem ??= $"cannot write to the run folder {Folder}: {e.Message}";
            _writer.FreeReserve();
            // Whoever listens may call back; never under the lock.
            _ = Task.Run(Lose);
            return false;
        }
    }

    private void Lose()
    {
        try
        {
            _lost.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The drill was over in the meantime.
        }
    }
}
