using System.Net;
using System.Text;
using System.Threading.Channels;
using Pressure.TrafficCopy;

namespace Pressure.Cluster;

/// <summary>
/// Asks other servers what the target was asked, for answers of today. They get requests as they were captured and rewritten, without the values of answers
/// of the target, which they do not know. Beside the replay and within bounds: what does not fit is not asked, and counted.
/// </summary>
internal sealed class LiveAnswers : IDisposable
{
    private const int MostWaiting = 1024;
    private const long MostBytes = 64 * 1024 * 1024;
    private const int MostBody = 256 * 1024;
    private const int Workers = 16;
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(10);

    private readonly Channel<Question> _questions = Channel.CreateBounded<Question>(MostWaiting);
    private readonly CancellationTokenSource _stop = new();
    private readonly ComparisonWorker _worker;
    private readonly DifferenceBook _book;
    private readonly HttpClient _client;
    private readonly Uri _primary;
    private readonly Uri? _secondary;
    private readonly Task _all;
    private long _bytes;

    public LiveAnswers(Uri primary, Uri? secondary, ComparisonWorker worker, DifferenceBook book)
    {
        (_primary, _secondary, _worker, _book) = (primary, secondary, worker, book);
        _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false, AutomaticDecompression = DecompressionMethods.None, MaxConnectionsPerServer = Workers }) { Timeout = LongestAnswer };
        _all = Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => Task.Run(WorkAsync)));
    }

    private sealed record Question(string Endpoint, byte[] Request, int TargetAt, int TargetEnd, int BodyAt, byte[] Head, byte[] Body, long BodyLength)
    {
        public long Size => Request.Length + Head.Length + Body.Length;
    }

    private sealed record Answer(byte[] Head, byte[] Body, long BodyLength)
    {
        public AnswerBytes Bytes => new(Head, Body, BodyLength);
    }

    /// <summary>Takes a request and the target's answer to it, copied.</summary>
    public void Offer(string endpoint, EncodedRequest request, in AnswerBytes actual)
    {
        var question = new Question(
            endpoint, request.Buffer.AsSpan(0, request.Length).ToArray(), request.Target.Start.Value, request.Target.End.Value, request.BodyAt, actual.Head.ToArray(), actual.Body.ToArray(), actual.BodyLength);
        if (Volatile.Read(ref _bytes) > MostBytes || !_questions.Writer.TryWrite(question))
            _book.NotCompared(ComparisonWorker.Behind);
        else
            Interlocked.Add(ref _bytes, question.Size);
    }

    /// <summary>Waits for answers that are still to come, for a while; what has not been asked by then is counted.</summary>
    public void Finish(TimeSpan atMost)
    {
        _questions.Writer.TryComplete();
        if (!_all.Wait(atMost))
            _stop.Cancel();
        _all.Wait(LongestAnswer);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Finish(TimeSpan.Zero);
        _client.Dispose();
        _stop.Dispose();
    }

    private async Task WorkAsync()
    {
        await foreach (var question in _questions.Reader.ReadAllAsync(CancellationToken.None))
        {
            Interlocked.Add(ref _bytes, -question.Size);
            if (_stop.IsCancellationRequested)
                _book.NotCompared(ComparisonWorker.Behind);
            else
                await CompareAsync(question);
        }
    }

    private async Task CompareAsync(Question question)
    {
        var second = _secondary is null ? null : AskAsync(_secondary, question);
        var primary = await AskAsync(_primary, question);
        var secondary = second is null ? null : await second;
        if (primary is null || (second is not null && secondary is null))
            _book.NotCompared(primary is null ? "no-primary" : "no-secondary");
        else
            Offer(question, primary, secondary);
    }

    private void Offer(Question question, Answer primary, Answer? secondary)
    {
        var target = question.Request.AsSpan(question.TargetAt..question.TargetEnd);
        var actual = new AnswerBytes(question.Head, question.Body, question.BodyLength);
        if (secondary is null)
            _worker.Offer(question.Endpoint, target, primary.Bytes, actual);
        else
            _worker.Offer(question.Endpoint, target, primary.Bytes, secondary.Bytes, actual);
    }

    /// <summary>A server's answer; null when there was none.</summary>
    private async Task<Answer?> AskAsync(Uri server, Question question)
    {
        try
        {
            using var request = RequestFor(server, question);
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, _stop.Token);
            await using var content = await response.Content.ReadAsStreamAsync(_stop.Token);
            var body = new byte[MostBody];
            var length = await content.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, _stop.Token);
            var rest = 0L;
            var spare = new byte[8192];
            for (int read; length == body.Length && (read = await content.ReadAsync(spare, _stop.Token)) > 0; rest += read)
            {
            }

            return new(HeadOf(response), body[..length], length + rest);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException or InvalidOperationException or UriFormatException)
        {
            return null;
        }
    }

    private static HttpRequestMessage RequestFor(Uri server, Question question)
    {
        var head = new HttpHead(question.Request.AsSpan(0, question.BodyAt));
        var url = new Uri(server, Encoding.Latin1.GetString(head.Target));
        var request = new HttpRequestMessage(new HttpMethod(Encoding.ASCII.GetString(head.Method)), url) { Version = HttpVersion.Version11 };
        if (question.BodyAt < question.Request.Length)
            request.Content = new ByteArrayContent(question.Request, question.BodyAt, question.Request.Length - question.BodyAt);
        foreach (var field in head)
        {
            var (name, value) = (Encoding.ASCII.GetString(field.Name), Encoding.Latin1.GetString(field.Value));
            if (field.Is("host"u8) || field.Is("content-length"u8))
                continue;
            if (!request.Headers.TryAddWithoutValidation(name, value))
                request.Content?.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }

    private static byte[] HeadOf(HttpResponseMessage response)
    {
        var head = new StringBuilder($"HTTP/1.1 {(int)response.StatusCode} {response.ReasonPhrase}\r\n");
        foreach (var (name, values) in response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated))
        {
            foreach (var value in values)
                head.Append(name).Append(": ").Append(value).Append("\r\n");
        }

        return Encoding.Latin1.GetBytes(head.ToString());
    }
}
