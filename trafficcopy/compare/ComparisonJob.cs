using System.Buffers;
using System.Text;

namespace Pressure.TrafficCopy;

/// <summary>Answers to one request that wait to be compared, copied into one rented buffer.</summary>
internal sealed class ComparisonJob : IDisposable
{
    /// <summary>What a job costs besides its bytes, so that a queue of empty ones has a bound, too.</summary>
    private const int Overhead = 512;

    private readonly byte[] _buffer;
    private int _used;

    /// <param name="endpoint">Endpoint.</param>
    /// <param name="request">Path and query.</param>
    /// <param name="size">What <see cref="SizeOf"/> says.</param>
    public ComparisonJob(string endpoint, ReadOnlySpan<byte> request, int size)
    {
        (Endpoint, Request, Size) = (endpoint, Encoding.UTF8.GetString(request), size);
        _buffer = ArrayPool<byte>.Shared.Rent(size);
    }

    public string Endpoint { get; }

    public string Request { get; }

    /// <summary>What it takes of the queue's bound.</summary>
    public int Size { get; }

    public CapturedMessage Expected { get; private set; }

    /// <summary>Whether something in what is expected was masked.</summary>
    public bool IsMasked { get; private set; }

    public CapturedMessage Actual { get; private set; }

    /// <summary>The secondary's; null without one.</summary>
    public CapturedMessage? Secondary { get; private set; }

    /// <summary>What a job with these takes.</summary>
    public static long SizeOf(ReadOnlySpan<byte> request, in AnswerBytes expected, in AnswerBytes actual, in AnswerBytes secondary) =>
        (long)Overhead + request.Length + expected.Length + actual.Length + secondary.Length;

    public void Fill(in AnswerBytes expected, in AnswerBytes actual) => (Expected, Actual, IsMasked) = (Keep(expected), Keep(actual), expected.IsMasked);

    public void FillSecondary(in AnswerBytes secondary) => Secondary = Keep(secondary);

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);

    private CapturedMessage Keep(in AnswerBytes answer) => new(Keep(answer.Head), Keep(answer.Body), answer.BodyLength);

    private ReadOnlyMemory<byte> Keep(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_buffer.AsSpan(_used));
        _used += bytes.Length;
        return _buffer.AsMemory(_used - bytes.Length, bytes.Length);
    }
}
