using System.Buffers;
using System.Text;
using Pressure.LoadGen;
using Pressure.TrafficCopy;

namespace Pressure.Cluster;

/// <summary>
/// Sends what a replay sends to a primary, and to a secondary, too, so that answers of today can be compared. Each client has a copy for each of them, with
/// cookies and values of its own, and the copies keep its order; when they send does not matter.
/// </summary>
internal sealed class ReferenceReplay : IDisposable
{
    private const long MostBytes = 64 << 20;
    private const int MostClients = 20_000, MostAtOnce = 64, Overhead = 1024;

    private readonly Lock _gate = new();
    private readonly Dictionary<long, ReferenceClient> _clients = [];
    private readonly SemaphoreSlim _turns = new(MostAtOnce);
    private readonly CancellationTokenSource _stop = new();
    private readonly ReferenceServer[] _servers;
    private readonly CarryRules _rules;
    private readonly ComparisonWorker _worker;
    private readonly DifferenceBook _book;
    private readonly TimeProvider _time;
    private TaskCompletionSource _idle = new();
    private long _bytes;
    private long _waiting;

    public ReferenceReplay(ReplayComparison asked, ReplayJob job, ComparisonWorker worker, DifferenceBook book, bool insecure, TimeProvider time)
    {
        (_worker, _book, _time, _rules) = (worker, book, time, new CarryRules(job.Order.Carries));
        _servers = [.. new[] { asked.Primary, asked.Secondary }.OfType<Uri>().Select(u => new ReferenceServer(u, job.Target, insecure))];
        _idle.SetResult();
    }

    /// <summary>Takes the candidate's answer, copied; the same request goes to the others. Quick, on any thread.</summary>
    public void Take(string endpoint, EncodedRequest request, ReplayClient sender, in AnswerBytes answer)
    {
        if (request.Awaited is not null)
            _book.NotCompared("tcp");
        else if (!TryAdd(endpoint, request, sender, answer))
            _book.NotCompared(ComparisonWorker.Behind);
    }

    /// <summary>Waits until all have been asked, as long as that may take; what is left then is given up and counted.</summary>
    public void Finish(TimeSpan atMost)
    {
        Task idle;
        lock (_gate)
            idle = _idle.Task;
        idle.Wait(atMost);
        _stop.Cancel();
        idle.Wait();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Finish(TimeSpan.Zero);
        foreach (var server in _servers)
            server.Dispose();
        _stop.Dispose();
        _turns.Dispose();
    }

    private bool TryAdd(string endpoint, EncodedRequest request, ReplayClient sender, in AnswerBytes answer)
    {
        var size = Overhead + request.Length + answer.Head.Length + answer.Body.Length;
        lock (_gate)
        {
            if (_stop.IsCancellationRequested || _bytes + size > MostBytes || (!_clients.ContainsKey(sender.Id) && !MakeRoom()))
                return false;
            _bytes += size;
            if (_waiting++ == 0)
                _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
            if (!_clients.TryGetValue(sender.Id, out var client))
                _clients[sender.Id] = client = new(sender.Id, _servers.Length);
            client.Waiting.Enqueue(new ReferenceJob(endpoint, request.Keep(), answer.Head.ToArray(), answer.Body.ToArray(), answer.BodyLength, size));
            if (!client.IsBusy)
            {
                client.IsBusy = true;
                _ = Task.Run(() => SendAsync(client));
            }
        }
        return true;
    }

    /// <summary>Of many clients those that have nothing to do are forgotten; they would begin anew.</summary>
    private bool MakeRoom()
    {
        if (_clients.Count < MostClients)
            return true;
        foreach (var idle in _clients.Values.Where(c => !c.IsBusy).Take(MostClients / 10).ToList())
            _clients.Remove(idle.Id);
        return _clients.Count < MostClients;
    }

    private async Task SendAsync(ReferenceClient client)
    {
        while (Next(client) is { } job)
        {
            await CompareAsync(client, job);
            lock (_gate)
            {
                _bytes -= job.Size;
                if (--_waiting == 0)
                    _idle.SetResult();
            }
        }
    }

    private ReferenceJob? Next(ReferenceClient client)
    {
        lock (_gate)
        {
            if (client.Waiting.TryDequeue(out var job))
            {
                client.IsOver |= job.Request.IsLast;
                return job;
            }
            client.IsBusy = false;
            if (client.IsOver)
                _clients.Remove(client.Id);
            return null;
        }
    }

    private async Task CompareAsync(ReferenceClient client, ReferenceJob job)
    {
        try
        {
            await _turns.WaitAsync(_stop.Token);
        }
        catch (OperationCanceledException)
        {
            _book.NotCompared(ComparisonWorker.Behind);
            return;
        }
        try
        {
            var answers = await Task.WhenAll(_servers.Select((s, i) => AskAsync(s, client.Copies[i], job)));
            if (answers.Any(a => a is null))
                _book.NotCompared("no-primary");
            else
                Offer(job, answers);
        }
        finally
        {
            _turns.Release();
        }
    }

    private async Task<CapturedMessage?> AskAsync(ReferenceServer server, ReplayClient copy, ReferenceJob job)
    {
        var request = new ArrayBufferWriter<byte>(job.Request.Length + 256);
        new RequestRenderer(job.Request, copy, _rules).Write(NewTrace(), _time.GetUtcNow(), request);
        var answer = await server.AskAsync(request.WrittenMemory, _stop.Token);
        if (answer is { } came)
            copy.Learn(job.Request, came.Head.Span, came.Body.Span, _rules, _time.GetUtcNow());
        return answer;
    }

    private void Offer(ReferenceJob job, CapturedMessage?[] answers)
    {
        var target = job.Request.Buffer.AsSpan()[job.Request.Target];
        var candidate = new AnswerBytes(job.Head, job.Body, job.BodyLength);
        if (answers.Length > 1)
            _worker.Offer(job.Endpoint, target, AnswerBytes.Of(answers[0]!.Value), AnswerBytes.Of(answers[1]!.Value), candidate);
        else
            _worker.Offer(job.Endpoint, target, AnswerBytes.Of(answers[0]!.Value), candidate);
    }

    private static byte[] NewTrace() => Encoding.ASCII.GetBytes(
        $"00-{System.Diagnostics.ActivityTraceId.CreateRandom().ToHexString()}-{System.Diagnostics.ActivitySpanId.CreateRandom().ToHexString()}-00");

    /// <summary>A client's copies, one for each server, and what they have to send. Guarded by the gate but for the copies, which one at a time uses.</summary>
    private sealed class ReferenceClient(long id, int servers)
    {
        public long Id => id;

        public ReplayClient[] Copies { get; } = [.. Enumerable.Range(0, servers).Select(_ => new ReplayClient(id, lane: 0))];

        public Queue<ReferenceJob> Waiting { get; } = new();

        public bool IsBusy { get; set; }

        public bool IsOver { get; set; }
    }

    private sealed record ReferenceJob(string Endpoint, EncodedRequest Request, byte[] Head, byte[] Body, long BodyLength, int Size);
}
