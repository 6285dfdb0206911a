using System.Text;
using Pressure.Record;
using Pressure.TrafficCopy;

namespace Pressure.Mirror;

/// <summary>Holds the test target's answers against production's, on a thread of its own.</summary>
internal sealed class AnswerJudge : IDisposable
{
    private readonly DifferenceBook _book;
    private readonly ComparisonWorker _worker;
    private readonly bool _hasSecondary;

    public AnswerJudge(ComparisonRules rules, bool hasSecondary)
    {
        _hasSecondary = hasSecondary;
        _book = new DifferenceBook(hasSecondary ? ComparedWith.PrimaryAndSecondary : ComparedWith.Primary);
        _worker = new ComparisonWorker(new AnswerComparison(rules), _book);
    }

    /// <summary>What was found up to now.</summary>
    public DifferenceRecord Found => _book.Snapshot();

    /// <summary>Takes the answers to a request; all of them are copied before it returns.</summary>
    public void Judge(HeldExchange held, CopyAnswer candidate, CopyAnswer? secondary)
    {
        if (Missing(held, candidate, secondary) is { } reason)
        {
            _book.NotCompared(reason);
            return;
        }
        var endpoint = Endpoint(held);
        var request = Encoding.Latin1.GetBytes(held.Target);
        var (expectedHead, actualHead) = (held.AnswerHead!.ToBytes(), candidate.Head!.ToBytes());
        var expected = new AnswerBytes(expectedHead, held.Answer.Memory.Span, held.Answer.Total);
        var actual = new AnswerBytes(actualHead, candidate.Body!.Memory.Span, candidate.Body.Total);
        if (secondary is null)
            _worker.Offer(endpoint, request, expected, actual);
        else
            _worker.Offer(endpoint, request, expected, new AnswerBytes(secondary.Head!.ToBytes(), secondary.Body!.Memory.Span, secondary.Body.Total), actual);
    }

    /// <summary>Waits until what has come is compared, as long as that may take.</summary>
    public void Finish(TimeSpan atMost) => _worker.Finish(atMost);

    /// <inheritdoc/>
    public void Dispose() => _worker.Dispose();

    /// <summary>Why they are not compared; null if they are.</summary>
    private string? Missing(HeldExchange held, CopyAnswer candidate, CopyAnswer? secondary) => candidate switch
    {
        { Fate: not CopyFate.Copied } => "no-answer",
        _ when held.AnswerHead is null || !held.IsAnswerWhole || !candidate.IsWhole => "incomplete",
        { Body: null } => "no-room",
        _ when _hasSecondary && secondary is not { Fate: CopyFate.Copied, IsWhole: true, Body: not null } => "no-secondary",
        _ => null,
    };

    private static string Endpoint(HeldExchange held)
    {
        Span<byte> pattern = stackalloc byte[EndpointPattern.Longest];
        var length = EndpointPattern.Write(Encoding.Latin1.GetBytes(held.Target), pattern);
        return $"{held.Method} {Encoding.ASCII.GetString(pattern[..length])}";
    }
}
