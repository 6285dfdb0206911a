using System.Text.Json;
using Pressure.Web.Language;

namespace Pressure.Web.Watch;

/// <summary>
/// Watches over a service from a process of its own: looks at <c>/health</c>, is told of its death by a pipe that closes, posts notices, and calls
/// a dead man's switch while all is well.
/// </summary>
public sealed class Watcher : IDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly WatchOptions _options;
    private readonly TimeProvider _time;
    private readonly TextWriter _log;
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = Timeout.InfiniteTimeSpan };
    private readonly WatchState _state;

    /// <param name="options">What to watch and whom to tell.</param>
    /// <param name="time">For looks and limits.</param>
    /// <param name="log">Where it says that somebody can't be told.</param>
    public Watcher(WatchOptions options, TimeProvider time, TextWriter log) => (_options, _time, _log, _state) = (options, time, log, new WatchState(options.Failures));

    /// <summary>Watches until <paramref name="end"/> completes: with true for an orderly end, with false for a death, which is told before this returns.</summary>
    /// <returns>Whether everybody was told of everything.</returns>
    public async Task<bool> RunAsync(Task<bool> end, CancellationToken stop)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var watching = Task.WhenAll(LookAsync(over.Token), CallAsync(over.Token));
        await Task.WhenAny(end, Task.Delay(Timeout.InfiniteTimeSpan, stop));
        await over.CancelAsync();
        await watching;
        if (!end.IsCompleted || await end)
            return true;
        var died = _state.After(new WatchFinding.Died(), _time.GetUtcNow())!;
        return await TellAsync(died, stop);
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private bool IsWell { get; set; }

    private async Task LookAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(_options.CheckEvery, _time);
        try
        {
            do
            {
                var finding = await FindAsync(stop);
                IsWell = finding is WatchFinding.Well;
                if (_state.After(finding, _time.GetUtcNow()) is { } notice)
                    await TellAsync(notice, stop);
            }
            while (await timer.WaitForNextTickAsync(stop));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The end.
        }
    }

    private async Task<WatchFinding> FindAsync(CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(_options.AnswerWithin, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, limit.Token);
        try
        {
            using var answer = await _http.GetAsync(new Uri(_options.Service, "/health"), either.Token);
            if (answer.IsSuccessStatusCode)
                return new WatchFinding.Well();
            var text = await answer.Content.ReadAsStringAsync(either.Token);
            return new WatchFinding.Unhealthy(FailingChecks(text) ?? $"HTTP {(int)answer.StatusCode}");
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return new WatchFinding.Silent($"{_options.AnswerWithin.TotalSeconds:0.#} s");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return new WatchFinding.Silent(e.InnerException?.Message ?? e.Message);
        }
    }

    private static string? FailingChecks(string text)
    {
        try
        {
            var checks = JsonDocument.Parse(text).RootElement.GetProperty("checks").EnumerateArray();
            return string.Join("; ", checks.Where(c => c.GetProperty("level").GetString() == "failing").Select(c => $"{c.GetProperty("name").GetString()}: {c.GetProperty("detail").GetString()}"));
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Calls the dead man's switch while all is well. A call that fails is not repeated: that it is missing is the message.</summary>
    private async Task CallAsync(CancellationToken stop)
    {
        if (_options.Alive is not { } alive)
            return;
        // Not before the first look has been taken.
        using var timer = new PeriodicTimer(_options.AliveEvery, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                if (IsWell && await TryAsync(() => new HttpRequestMessage(HttpMethod.Get, alive), stop) is { } problem)
                    await _log.WriteLineAsync($"{alive.Authority} can't be told that the service is alive: {problem}");
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The end.
        }
    }

    private async Task<bool> TellAsync(WatchNotice notice, CancellationToken stop)
    {
        var text = Texts.Of(_options.Language);
        var message = text.With($"watch.{notice.Event}", _options.Service.Authority, Environment.MachineName, notice.Detail).TrimEnd(' ', ':', '：');
        await _log.WriteLineAsync(message);
        if (_options.Notify is not { } notify)
            return true;
        var body = JsonSerializer.Serialize(
            new { source = "pressure", @event = notice.Event, service = _options.Service.GetLeftPart(UriPartial.Authority), host = Environment.MachineName, since = notice.Since, at = _time.GetUtcNow(), text = message, detail = notice.Detail },
            Pressure.Reports.ReportJson.Compact);
        for (var attempt = 1; ; attempt++)
        {
            if (await TryAsync(() => Post(notify, body), stop) is not { } problem)
                return true;
            await _log.WriteLineAsync($"{notify.Authority} can't be told ({attempt} of {_options.Tries} tries): {problem}");
            if (attempt == _options.Tries)
                return false;
            var pause = TimeSpan.FromSeconds(Math.Min(LongestPause.TotalSeconds, FirstPause.TotalSeconds * Math.Pow(2, attempt - 1)));
            await Task.Delay(pause, _time, stop);
        }
    }

    private HttpRequestMessage Post(Uri notify, string body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, notify) { Content = new StringContent(body, null, "application/json") };
        foreach (var (name, value) in _options.Headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return request;
    }

    /// <summary>What went wrong; null if nothing did.</summary>
    private async Task<string?> TryAsync(Func<HttpRequestMessage> make, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(_options.AnswerWithin, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, limit.Token);
        try
        {
            using var request = make();
            using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return answer.IsSuccessStatusCode ? null : $"it answered {(int)answer.StatusCode}";
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return $"it did not answer within {_options.AnswerWithin.TotalSeconds:0.#} s";
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return e.InnerException?.Message ?? e.Message;
        }
    }
}
