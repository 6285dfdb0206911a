using System.Text.Json;
using Pressure.Agent;

namespace Pressure.Web.Access;

/// <summary>One connection of an agent that has been let in: reads its frames one after the other, so that an agent that sends faster than is stored is held up by TCP.</summary>
internal sealed class AgentSession
{
    /// <summary>How long the last word may take to arrive.</summary>
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(1);

    private readonly AgentState _agent;
    private readonly AccessLimits _limits;
    private readonly TimeProvider _time;
    private readonly IncomingFrames _input;
    private readonly OutgoingFrames _output;
    private readonly Action _abort;
    private readonly AgentClock _clock;
    private readonly EntryIntake _intake;
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private FrameRate _rate;
    private long _heard;
    private int _ending;

    public AgentSession(AgentState agent, Frame.Hello hello, IncomingFrames input, OutgoingFrames output, AccessLimits limits, TimeProvider time, Action abort)
    {
        (_agent, _input, _output, _limits, _time, _abort) = (agent, input, output, limits, time, abort);
        (Instance, Replaces, Ring) = (hello.Instance, hello.Replaces, hello.Ring);
        _heard = time.GetTimestamp();
        _rate = new FrameRate(limits.FramesPerSecond, limits.FrameBurst, _heard);
        _clock = new AgentClock(output, time);
        _intake = new EntryIntake(agent, hello.Ring, hello.Oldest, output, _clock, time);
        Commands = new CommandsInFlight(output, limits.Commands);
    }

    /// <summary>The agent's process.</summary>
    public Guid Instance { get; }

    /// <summary>The process that it takes the place of.</summary>
    public Guid? Replaces { get; }

    /// <summary>Where its entries are numbered.</summary>
    public Guid Ring { get; }

    public CommandsInFlight Commands { get; }

    /// <summary>How it samples.</summary>
    public AgentSettings Sampling => _agent.Record.Settings;

    /// <summary>Time since anything came.</summary>
    public TimeSpan Silence => _time.GetElapsedTime(Volatile.Read(ref _heard));

    public bool Post(Frame frame) => _output.Post(frame);

    /// <summary>Reads until the connection ends; returns why the agent left, if it did so on purpose.</summary>
    public async Task<string?> RunAsync()
    {
        _clock.Ask();
        string? goodbye = null;
        try
        {
            goodbye = await ReadAsync();
            // What still comes is not looked at any more: closing with it unread would take back what was said last.
            while (Volatile.Read(ref _ending) == 1 && await _input.SkipAsync())
            {
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The connection broke: that is how most end.
        }
        finally
        {
            _input.Release();
            _over.SetResult();
        }
        return goodbye;
    }

    private async Task<string?> ReadAsync()
    {
        try
        {
            while (await _input.NextAsync(CancellationToken.None) is { } message)
            {
                if (Volatile.Read(ref _ending) == 1)
                    return null;
                var now = _time.GetTimestamp();
                Volatile.Write(ref _heard, now);
                for (var frames = _input.Controls; frames >= 0; frames--)
                {
                    if (!_rate.Take(now, _time))
                    {
                        _ = EndAsync(new Frame.Refused(RefusalCode.Flood, $"More than {_limits.FramesPerSecond} frames a second. Put several entries into a frame."));
                        return null;
                    }
                }
                if (message.Length > 1 && Take(FrameCodec.Read(message.Span), message, now) is { } goodbye)
                {
                    _ = EndAsync(null);
                    return goodbye.Why;
                }
            }
        }
        catch (InvalidDataException e)
        {
            _ = EndAsync(new Frame.Refused(RefusalCode.Malformed, e.Message));
        }
        catch (EntriesNotStoredException e)
        {
            _ = EndAsync(new Frame.Refused(RefusalCode.Busy, e.Message));
        }
        return null;
    }

    /// <summary>Once a second: asks for the time, and puts out an agent that is silent or takes nothing.</summary>
    public void Tick()
    {
        if (_output.IsOverfull || _output.IsStalled(_limits.SendTime))
            _abort();
        else if (Silence > _agent.Record.Settings.Heartbeat * 3)
            _ = EndAsync(new Frame.Refused(RefusalCode.Malformed, "No heartbeat for three times as long as agreed."));
        else if (_intake.IsStuck)
            _ = EndAsync(new Frame.Refused(RefusalCode.Malformed, "No answer to clockAsk that makes sense: entries can't be placed in time."));
        else
            _clock.Tick();
    }

    /// <summary>Says why, if there is something to say, and closes.</summary>
    public async Task EndAsync(Frame? last)
    {
        if (Interlocked.Exchange(ref _ending, 1) == 1)
            return;
        _output.PostLast(last);
        // The agent closes when it has read why.
        await Task.WhenAny(_over.Task, Task.Delay(Linger));
        _abort();
    }

    /// <exception cref="InvalidDataException">The frame makes no sense here.</exception>
    private Frame.Goodbye? Take(Frame frame, ReadOnlyMemory<byte> bytes, long received)
    {
        switch (frame)
        {
            case Frame.Heartbeat:
                break;
            case Frame.Entries entries:
                _intake.Take(entries, bytes);
                break;
            case Frame.ClockAnswer answer:
                if (_clock.Take(answer, received) is { } reading)
                    _intake.Take(reading);
                break;
            case Frame.Result result:
                Commands.Take(result);
                break;
            case Frame.Goodbye goodbye:
                return goodbye;
            default:
                throw new InvalidDataException($"An agent does not send {JsonNamingPolicy.CamelCase.ConvertName(frame.GetType().Name)} here.");
        }
        return null;
    }
}
