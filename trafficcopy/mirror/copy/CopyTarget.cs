using System.Buffers;
using System.Net.Sockets;

namespace Pressure.Mirror;

/// <summary>A server that gets copies: its connections are its own, and it is left alone while it does not answer.</summary>
internal sealed class CopyTarget : IDisposable
{
    private const int Piece = 16 << 10;

    private readonly HttpMessageInvoker _client;
    private readonly CopyHeaders _headers;
    private readonly CopyLimits _limits;
    private readonly TimeProvider _time;
    private readonly string _prefix;

    public CopyTarget(Uri address, MirrorPlan plan, TimeProvider time)
    {
        _prefix = address.GetLeftPart(UriPartial.Authority);
        (_headers, _limits, _time) = (new CopyHeaders(plan.Headers, plan.Id, plan.TellsClient && plan.Tls is not null), plan.Limits, time);
        Breaker = new CircuitBreaker(plan.Breaker, time);
        _client = new HttpMessageInvoker(Clients.ForCopies(plan));
    }

    /// <summary>Whether it is left alone.</summary>
    public CircuitBreaker Breaker { get; }

    /// <summary>Sends a copy and reads the answer to its end. Never throws for what the server does.</summary>
    /// <param name="held">The exchange with production.</param>
    /// <param name="number">The copy's number.</param>
    /// <param name="keep">Whether the answer is kept; its owner releases it.</param>
    /// <param name="stop">Ends it.</param>
    public async Task<CopyAnswer> AskAsync(HeldExchange held, long number, bool keep, CancellationToken stop)
    {
        if (!Breaker.TryEnter(out var permit))
            return new CopyAnswer(CopyFate.BreakerOpen);
        try
        {
            // Not before: while the breaker is open production's machine makes no requests for nothing.
            using var request = _headers.Make(held, _prefix, number);
            var answer = await AskAsync(request, permit, held, keep, stop);
            if (request.Content is HeldContent { IsSent: false })
                held.ForgetRequest();
            return answer;
        }
        catch
        {
            // It may be the only one there is: unless it comes back, no copy passes ever again.
            Breaker.Abandoned(permit);
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private async Task<CopyAnswer> AskAsync(HttpRequestMessage request, int permit, HeldExchange held, bool keep, CancellationToken stop)
    {
        using var deadline = new CancellationTokenSource(_limits.Timeout, _time);
        using var end = stop.CanBeCanceled ? CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, stop) : null;
        var cancel = end?.Token ?? deadline.Token;
        HttpResponseMessage response;
        try
        {
            response = await _client.SendAsync(request, cancel);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException or SocketException)
        {
            return new CopyAnswer(Failed(e, permit, stop));
        }
        Breaker.Succeeded(permit);
        using (response)
            return await ReadAsync(held, response, keep, cancel);
    }

    private CopyFate Failed(Exception e, int permit, CancellationToken stop)
    {
        if (stop.IsCancellationRequested)
        {
            Breaker.Abandoned(permit);
            return CopyFate.Ended;
        }
        Breaker.Failed(permit);
        return e switch
        {
            OperationCanceledException => CopyFate.TimedOut,
            HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError } => CopyFate.ConnectFailed,
            _ => CopyFate.Broken,
        };
    }

    private async Task<CopyAnswer> ReadAsync(HeldExchange held, HttpResponseMessage response, bool keep, CancellationToken cancel)
    {
        var answer = new CopyAnswer(CopyFate.Copied) { Status = (int)response.StatusCode };
        if (keep)
            (answer.Head, answer.Body) = (HeldHead.Of(response), new KeptBytes(_limits.MaxBody));
        var buffer = ArrayPool<byte>.Shared.Rent(Piece);
        try
        {
            var body = await response.Content.ReadAsStreamAsync(cancel);
            while (await body.ReadAsync(buffer, cancel) is > 0 and var read)
            {
                if (answer.Body is { } kept)
                    Keep(held, answer, kept, buffer.AsSpan(0, read));
            }
            answer.IsWhole = true;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException or SocketException)
        {
            // It answered; that its body did not come to an end only matters to a comparison.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
        return answer;
    }

    private static void Keep(HeldExchange held, CopyAnswer answer, KeptBytes kept, ReadOnlySpan<byte> bytes)
    {
        if (kept.GrowthFor(bytes.Length) is > 0 and var growth && !held.TryTakeForCopy(growth))
            answer.Release();
        else
            kept.Add(bytes);
    }
}

/// <summary>What came of a copy.</summary>
/// <param name="fate">How it ended.</param>
internal sealed class CopyAnswer(CopyFate fate)
{
    /// <summary>How it ended.</summary>
    public CopyFate Fate => fate;

    /// <summary>The answer's status; 0 without one.</summary>
    public int Status { get; init; }

    /// <summary>Its head, if it was to be kept.</summary>
    public HeldHead? Head { get; set; }

    /// <summary>Its body, if it was to be kept and there was room.</summary>
    public KeptBytes? Body { get; set; }

    /// <summary>Whether its body came to its end.</summary>
    public bool IsWhole { get; set; }

    /// <summary>Gives its body back.</summary>
    public void Release()
    {
        Body?.Release();
        Body = null;
    }
}
