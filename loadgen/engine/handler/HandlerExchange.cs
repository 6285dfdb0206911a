using System.Buffers;
using System.Text;
using Pressure.Record;

namespace Pressure.LoadGen.Engine;

/// <summary>How a request over SocketsHttpHandler came out.</summary>
/// <param name="Error">What failed.</param>
/// <param name="Status">The status; 0 unless the response came whole.</param>
/// <param name="Checks">What the checks gave.</param>
/// <param name="BytesReceived">Head (as HTTP/1.1 would write it) and body.</param>
internal readonly record struct HandlerOutcome(RequestError Error, int Status, CheckResult Checks, long BytesReceived);

/// <summary>Sends a request over SocketsHttpHandler and reads its response to the end, storing no body.</summary>
internal static class HandlerExchange
{
    private const int BufferBytes = 16 * 1024;
    private const int ProxyAuthRequired = 407;

    /// <summary>Sends and reads.</summary>
    /// <param name="invoker">Over the handler.</param>
    /// <param name="request">What to send.</param>
    /// <param name="scope">What its templates are filled from; null if it has none.</param>
    /// <param name="trace">Its trace ids.</param>
    /// <param name="timeout">For the whole.</param>
    /// <param name="abort">Ends it as <see cref="RequestError.Stopped"/>.</param>
    /// <param name="tried">Keeps what a person wants to see; null in a run.</param>
    /// <param name="phases">Times its phases; null if nobody asks.</param>
    public static async Task<HandlerOutcome> RunAsync(HttpMessageInvoker invoker, HandlerRequest request, IterationScope? scope, TraceId trace, TimeSpan timeout, CancellationToken abort, ResponseCopy? tried = null, HandlerPhases? phases = null)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(abort);
        limit.CancelAfter(timeout);
        var body = new BodyCheck();
        body.Begin(request.Checks);
        long received = 0;
        var heard = false;
        try
        {
            using var message = request.Message(trace, scope);
            if (phases is not null)
                message.Options.Set(HandlerPhases.Key, phases);
            using var response = await invoker.SendAsync(message, limit.Token);
            heard = true;
            phases?.Heard();
            received = HeadLength(response);
            tried?.Take(response);
            WriteFields(response, request.Checks, body);
            received += await DrainAsync(response, body, tried, limit.Token);
            var status = (int)response.StatusCode;
            var checks = request.Checks.Evaluate(status, body, tried?.FailedChecks);
            var extracted = request.Checks.Take(body, scope, request.Url, tried?.FailedChecks);
            var error = status == ProxyAuthRequired && request.GoesToProxy ? RequestError.ProxyAuthRequired : !checks.Holds ? RequestError.CheckFailed : extracted ? RequestError.None : RequestError.ExtractionFailed;
            return new(error, status, checks, received);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            return new(abort.IsCancellationRequested ? RequestError.Stopped : HandlerErrors.Of(e, heard), 0, default, received);
        }
        finally
        {
            body.Release();
        }
    }

    private static async Task<long> DrainAsync(HttpResponseMessage response, BodyCheck body, ResponseCopy? tried, CancellationToken cancel)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            await using var stream = await response.Content.ReadAsStreamAsync(cancel);
            long length = 0;
            for (int count; (count = await stream.ReadAsync(buffer, cancel)) > 0;)
            {
                length += count;
                body.Write(buffer.AsSpan(0, count));
                tried?.Take(buffer.AsSpan(0, count));
            }

            return length;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Shows the response's header fields to what looks for some.</summary>
    public static void WriteFields(HttpResponseMessage response, ResponseChecks checks, BodyCheck body)
    {
        if (checks.Fields.Count == 0)
            return;
        foreach (var headers in new[] { response.Headers.NonValidated, response.Content.Headers.NonValidated })
        {
            foreach (var (name, values) in headers)
            {
                foreach (var value in values)
                    body.WriteField(Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(value));
            }
        }
    }

    /// <summary>Length of the head as HTTP/1.1 writes it.</summary>
    public static long HeadLength(HttpResponseMessage response)
    {
        long length = 17 + (response.ReasonPhrase?.Length ?? 0);
        foreach (var headers in new[] { response.Headers.NonValidated, response.Content.Headers.NonValidated })
        {
            foreach (var (name, values) in headers)
            {
                foreach (var value in values)
                    length += name.Length + value.Length + 4;
            }
        }

        return length;
    }
}
