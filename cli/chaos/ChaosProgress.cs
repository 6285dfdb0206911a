using Pressure.Chaos;
using Pressure.Cli.ConsoleOutput;
using Pressure.Record;

namespace Pressure.Cli.Chaos;

/// <summary>
/// Shows an experiment as it goes on: a line for every step and event, and on a terminal a last line with the faults in force and the time that they
/// have left, renewed every second.
/// </summary>
internal sealed class ChaosProgress : IDisposable
{
    private readonly TextWriter _to;
    private readonly Lock _gate = new();
    private readonly RunClock _clock;
    private readonly Dictionary<string, TimelineEvent.FaultOn> _inForce = [];
    private readonly SortedDictionary<string, bool> _probes = [];
    private readonly ITimer? _renewing;
    private bool _hasLine;
    private bool _isOver;

    public ChaosProgress(TextWriter to, TimeProvider time)
    {
        (_to, _clock) = (to, new RunClock(time));
        if (to != TextWriter.Null && !Console.IsOutputRedirected)
            _renewing = time.CreateTimer(_ => Renew(), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
    }

    /// <summary>Shows an event of the timeline.</summary>
    public void Take(TimelineEvent what)
    {
        lock (_gate)
        {
            Remember(what);
            if (what is not TimelineEvent.RunEnded)
                Line($"{Figures.Span(what.At)}  {what.Detail}");
        }
    }

    /// <summary>Shows a step, unless an event says the same.</summary>
    public void Take(ExperimentStep step)
    {
        var text = step switch
        {
            { Name: "", Phase: var phase } => phase switch
            {
                ExperimentPhase.Before => "Does the hypothesis hold?",
                ExperimentPhase.Method => "Method",
                ExperimentPhase.Undo => "Undoing",
                ExperimentPhase.After => "Does the hypothesis hold again?",
                _ => "Rollbacks",
            },
            { State: StepState.Begins } => $"  {step.Name} ...",
            { State: StepState.Failed } => $"  {step.Name}: FAILED: {step.Note}",
            _ => $"  {step.Name}: {(step.Note.Length > 0 ? step.Note : "done")}",
        };
        lock (_gate)
            Line($"{Figures.Span(_clock.Now)}  {text}");
    }

    /// <summary>Takes the last line away.</summary>
    public void Dispose()
    {
        _renewing?.Dispose();
        lock (_gate)
        {
            Clear();
            _isOver = true;
        }
    }

    private void Remember(TimelineEvent what)
    {
        switch (what)
        {
            case TimelineEvent.FaultOn on:
                _inForce[on.Handle] = on;
                break;
            case TimelineEvent.FaultOff off:
                _inForce.Remove(off.Handle);
                break;
            case TimelineEvent.RevertIncomplete left:
                _inForce.Remove(left.Handle);
                break;
            case TimelineEvent.ProbeHeld held:
                _probes[held.Probe] = true;
                break;
            case TimelineEvent.ProbeFailed failed:
                _probes[failed.Probe] = false;
                break;
        }
    }

    private void Line(string text)
    {
        if (_isOver)
            return;
        Clear();
        _to.WriteLine(text);
        _to.Flush();
    }

    private void Renew()
    {
        lock (_gate)
        {
            if (_isOver)
                return;
            Clear();
            if (_inForce.Count == 0)
                return;
            var longest = _inForce.Values.Max(f => f.Until) - _clock.Now;
            var names = string.Join(", ", _inForce.Values.Select(f => $"{f.Fault} on {f.On}").Take(3)) + (_inForce.Count > 3 ? ", ..." : "");
            var probes = string.Concat(_probes.Select(p => $"  {p.Key} {(p.Value ? "holds" : "FAILS")}"));
            var line = $"{Figures.Span(_clock.Now)}  {_inForce.Count} in force ({names}), left {Figures.Span(longest > TimeSpan.Zero ? longest : TimeSpan.Zero)}{probes}  Ctrl-C undoes all";
            var width = Console.WindowWidth > 1 ? Console.WindowWidth - 1 : 119;
            _to.Write(line.Length > width ? line[..width] : line);
            _to.Flush();
            _hasLine = true;
        }
    }

    private void Clear()
    {
        if (_hasLine)
            _to.Write("\r\u001b[K");
        _hasLine = false;
    }
}
