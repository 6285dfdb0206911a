namespace Pressure.Chaos.Tests.Probes;

/// <summary>A probe that a test answers by hand; whoever waits goes on in the test's own thread, so that a turned clock means one thing only.</summary>
internal sealed class ScriptedProbe : IProbe
{
    private TaskCompletionSource<ProbeValue>? _question;

    /// <summary>How often it was asked.</summary>
    public int Asked { get; private set; }

    /// <summary>Whether it goes on when it is cancelled.</summary>
    public bool Stubborn { get; init; }

    /// <summary>Whether somebody waits for an answer.</summary>
    public bool Waiting => _question is not null;

    public Task<ProbeValue> AskAsync(CancellationToken stop)
    {
        Assert.Null(_question);
        Asked++;
        var question = _question = new TaskCompletionSource<ProbeValue>();
        if (!Stubborn)
        {
            stop.Register(() =>
            {
                _question = null;
                question.TrySetCanceled(stop);
            });
        }
        return question.Task;
    }

    public void Break(string why)
    {
        var question = _question!;
        _question = null;
        question.SetException(new InvalidDataException(why));
    }

    public void Answer(bool up)
    {
        var question = _question!;
        _question = null;
        question.SetResult(new ProbeValue(up));
    }
}
