using System.Buffers;
using System.Text;
using Pressure.Record;

namespace Pressure.LoadGen.Engine;

/// <summary>How a request over SocketsHttpHandler came out.</summary>
/// <param name="Error">What failed.</param>
/// <param name="Status">The status; 0 unless the response came whole.</param>
/// <param name="Checks">What the checks gave.</param>
/// <param name="BytesReceived">Heads (as HTTP/1.1 would write them) and bodies, of redirects too.</param>
internal readonly record struct HandlerOutcome(RequestError Error, int Status, CheckResult Checks, long BytesReceived)
{
    /// <summary>Statuses of the redirects on the way.</summary>
    public IReadOnlyList<int> Redirects { get; init; } = [];
}

/// <summary>Sends a request over SocketsHttpHandler, follows redirects and reads the response to the end, storing no body.</summary>
/// <param name="invoker">Over the handler.</param>
/// <param name="request">What to send.</param>
/// <param name="redirects">Says where they may lead.</param>
/// <param name="tried">Keeps what a person wants to see; null in a run.</param>
/// <param name="phases">Times its phases; null if nobody asks.</param>
/// <param name="isOver">Whether nothing may be sent any more; null if it always may.</param>
internal sealed class HandlerExchange(HttpMessageInvoker invoker, HandlerRequest request, RedirectGuard redirects, ResponseCopy? tried = null, HandlerPhases? phases = null, Func<bool>? isOver = null)
{
    private const int BufferBytes = 16 * 1024;
    private const int ProxyAuthRequired = 407;

    private readonly BodyCheck _body = new();
    private readonly List<int> _hops = [];
    private long _received;
    private bool _heard;

    /// <summary>Sends and reads.</summary>
    /// <param name="scope">What its templates are filled from; null if it has none.</param>
    /// <param name="trace">Its trace ids.</param>
    /// <param name="timeout">For the whole.</param>
    /// <param name="abort">Ends it as <see cref="RequestError.Stopped"/>.</param>
    public async Task<HandlerOutcome> RunAsync(IterationScope? scope, TraceId trace, TimeSpan timeout, CancellationToken abort)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(abort);
        limit.CancelAfter(timeout);
        try
        {
            for (HandlerHop? next = request.Begin(scope); ;)
            {
                var hop = next.Value;
                using var message = request.Message(trace, scope, hop);
                // Of connections only the first is told apart: one that a hop needs counts as waiting.
                if (phases is not null && _hops.Count == 0)
                    message.Options.Set(HandlerPhases.Key, phases);
                using var response = await ReadAsync(message, limit.Token);
                next = Next(hop, response, scope, out var error);
                if (error != RequestError.None)
                    return new(error, 0, default, _received) { Redirects = _hops };
                if (next is null)
                    return Judge(hop, (int)response.StatusCode, scope);
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException or LeaseOverException)
        {
            return new(abort.IsCancellationRequested ? RequestError.Stopped : HandlerErrors.Of(e, _heard), 0, default, _received) { Redirects = _hops };
        }
        finally
        {
            _body.Release();
        }
    }

    private async Task<HttpResponseMessage> ReadAsync(HttpRequestMessage message, CancellationToken cancel)
    {
        _heard = false;
        _body.Begin(request.Checks, tried);
        tried?.Urls.Add(message.RequestUri!);
        if (isOver?.Invoke() == true)
            throw new LeaseOverException();
        var response = await invoker.SendAsync(message, cancel);
        try
        {
            _heard = true;
            phases?.Heard();
            tried?.Take(response);
            TakeHead(response);
            await DrainAsync(response, cancel);
            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    private HandlerHop? Next(in HandlerHop hop, HttpResponseMessage response, IterationScope? scope, out RequestError error)
    {
        error = RequestError.None;
        var status = (int)response.StatusCode;
        if (request.Redirects == 0 || status is < 300 or >= 400)
            return null;
        var location = response.Headers.NonValidated.TryGetValues("Location", out var values) ? Encoding.UTF8.GetBytes(values.First()) : [];
        if (redirects.Judge(status, hop.Method, hop.Url, location, request.Redirects - _hops.Count, out var redirect, out error) == RedirectKind.None)
            return null;
        _hops.Add(status);
        request.Checks.TakeCookies(_body, scope, hop.Url);
        return error != RequestError.None ? null : new(
            redirect.Url, redirect.AsGet ? "GET" : hop.Method, hop.AsGet || redirect.AsGet, hop.SameOrigin && RedirectedRequest.SameOrigin(hop.Url, redirect.Url));
    }

    private HandlerOutcome Judge(in HandlerHop hop, int status, IterationScope? scope)
    {
        var error = status == ProxyAuthRequired && request.ProxyFor(hop.Url) is not null ? RequestError.ProxyAuthRequired : _body.End();
        var checks = request.Checks.Evaluate(status, _body, tried?.FailedChecks);
        var extracted = request.Checks.Take(_body, scope, hop.Url, tried?.FailedChecks);
        if (error == RequestError.None)
            error = !checks.Holds ? RequestError.CheckFailed : extracted ? RequestError.None : RequestError.ExtractionFailed;
        return new(error, status, checks, _received) { Redirects = _hops };
    }

    private async Task DrainAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            await using var stream = await response.Content.ReadAsStreamAsync(cancel);
            for (int count; (count = await stream.ReadAsync(buffer, cancel)) > 0;)
            {
                _received += count;
                _body.Write(buffer.AsSpan(0, count));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void TakeHead(HttpResponseMessage response)
    {
        _received += 17 + (response.ReasonPhrase?.Length ?? 0);
        var looks = request.Checks.NeedBody || tried is not null;
        foreach (var headers in new[] { response.Headers.NonValidated, response.Content.Headers.NonValidated })
        {
            foreach (var (name, values) in headers)
            {
                foreach (var value in values)
                {
                    _received += name.Length + value.Length + 4;
                    if (looks)
                        _body.WriteField(Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(value));
                }
            }
        }
    }
}
