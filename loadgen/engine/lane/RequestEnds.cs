using Pressure.Record;

namespace Pressure.LoadGen.Engine;

/// <summary>Ends requests: the last entry in the accounts, word to the client of a replay, and the iteration handed back.</summary>
internal sealed class RequestEnds(LaneBook book, RunClock clock)
{
    /// <summary>Iterations whose request is over, or was given up.</summary>
    public LinkedQueue<Iteration> Ended { get; } = new();

    /// <summary>A request that was sent is over.</summary>
    public void End(Iteration iteration, RequestError error, int status = 0) => End(iteration, error, status, clock.Now);

    /// <summary>A request that was sent was over at a time.</summary>
    public void End(Iteration iteration, RequestError error, int status, TimeSpan at)
    {
        iteration.Phases.Leave(at);
        book.Ended(iteration.Request, error, at - iteration.Due, at - iteration.SentAt, iteration.Phases);
        iteration.Client?.Over(error, status, iteration.SentAt, at);
        HandBack(iteration, at);
    }

    /// <summary>A request failed, with its connection.</summary>
    public void Fail(Iteration iteration, RequestError error)
    {
        if (!iteration.IsSent)
        {
            // No connection: the attempt counts as the send.
            iteration.IsSent = true;
            iteration.SentAt = iteration.DispatchedAt;
            book.Sent(iteration.Request, iteration.DispatchedAt - iteration.Due);
        }

        iteration.Unreached |= error.IsOfConnecting();
        End(iteration, error);
    }

    /// <summary>A request will not be sent.</summary>
    public void GiveUp(Iteration iteration)
    {
        book.NotSent(iteration.Request);
        iteration.Client?.Drop();
        HandBack(iteration, clock.Now);
    }

    private void HandBack(Iteration iteration, TimeSpan now)
    {
        iteration.Connection = null;
        iteration.Due = now;
        Ended.Enqueue(iteration);
    }
}
