using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Pressure.Agent;
using Pressure.Chaos;
using Pressure.Web.Agents;
using Pressure.Web.Chaos;

namespace Pressure.Web.Captures;

/// <summary>Captures on agents' hosts, kept by the service: begun, looked at and ended by people; their files lie in its folder of captures.</summary>
internal sealed class CaptureDesk(WebOptions options, IAgentDesk agents, ServiceWorld world, TimeProvider time) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, AgentRecording> _recordings = new(StringComparer.OrdinalIgnoreCase);
    private readonly SemaphoreSlim _starting = new(1);

    /// <summary>Whether there is a folder to keep them in.</summary>
    public bool IsOpen => options.CapturesFolder is not null;

    /// <summary>The latest capture of an agent that this service keeps, which may be over; null when there was none.</summary>
    public AgentRecording? Of(string agent) => _recordings.GetValueOrDefault(agent);

    /// <summary>The captures that there are, the newest first.</summary>
    public IReadOnlyList<CaptureFileView> Files =>
        options.CapturesFolder is { } folder && Directory.Exists(folder)
            ? [.. new DirectoryInfo(folder).EnumerateFiles("*.capture").OrderByDescending(f => f.LastWriteTimeUtc).Take(1_000).Select(f => new CaptureFileView(f.Name, f.Length, f.LastWriteTimeUtc, IsOpenFile(f.Name)))]
            : [];

    /// <summary>Goes on with captures that this service was writing when it was killed.</summary>
    public void GoOn()
    {
        if (options.CapturesFolder is not { } folder)
            return;
        foreach (var note in RecordingNote.In(folder).Where(n => n.Node == Node))
            _recordings[note.Agent] = AgentRecording.GoOn(note, folder, AskAsync, time);
    }

    /// <summary>Begins a capture; why it can't be, for people.</summary>
    public async Task<(AgentRecording? Recording, string? Problem)> StartAsync(string agent, JsonElement? ask, string by, CancellationToken stop)
    {
        if (options.CapturesFolder is not { } folder)
            return (null, "This service keeps no captures. Start it with --captures DIR.");
        var (read, wrong) = Read(ask);
        if (read is null)
            return (null, wrong);
        await _starting.WaitAsync(stop);
        try
        {
            if (Of(agent) is { Ended.IsCompleted: false } other)
                return (null, $"A capture of {agent} is being written into {other.File} already. Stop it first.");
            if (await AuditAsync(agent, ask, by, stop) is { } unwritten)
                return (null, unwritten);
            var (source, problem) = await AgentCaptureSource.StartAsync(agent, read, AskAsync, time, stop);
            return source is null ? (null, problem) : Record(source, folder);
        }
        finally
        {
            _starting.Release();
        }
    }

    /// <summary>Notes that somebody has an agent capture; why that can't be noted, and so must not be done.</summary>
    public async Task<string?> AuditAsync(string agent, JsonElement? ask, string by, CancellationToken stop)
    {
        try
        {
            await world.Audit.WriteAsync(new AuditEntry(by, "capture", agent, "permitted", ask?.GetRawText() is { Length: > 0 } text ? text[..Math.Min(500, text.Length)] : ""), stop);
            return null;
        }
        catch (GuardBookException e)
        {
            return $"The audit log can't be written, so nothing is captured: {e.Message}";
        }
    }

    /// <summary>Ends all, and closes their files.</summary>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_recordings.Values.Select(r => r.DisposeAsync().AsTask()));
        _starting.Dispose();
    }

    // Several nodes may keep their captures in one folder.
    private string? Node => options.Node is { } node ? node.Advertise ?? Environment.MachineName : null;

    private static (CaptureAsk? Ask, string? Problem) Read(JsonElement? ask)
    {
        try
        {
            return (ask is { } given ? given.Deserialize(CaptureCommandJson.Default.CaptureAsk) ?? new() : new(), null);
        }
        catch (JsonException e)
        {
            return (null, $"What is asked can't be understood: {e.Message}");
        }
    }

    private (AgentRecording? Recording, string? Problem) Record(AgentCaptureSource source, string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            var stem = $"{source.Agent}-{time.GetUtcNow().UtcDateTime.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture)}";
            var name = Enumerable.Range(1, 100).Select(i => Path.Combine(folder, i == 1 ? $"{stem}.capture" : $"{stem}-{i}.capture")).First(p => !File.Exists(p));
            return (_recordings[source.Agent] = AgentRecording.Begin(source, name, Node, time), null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (null, $"The capture can't be written: {e.Message}");
        }
    }

    private async Task<(JsonElement? Body, string? Error)> AskAsync(string agent, string command, JsonElement? body, CancellationToken stop)
    {
        var result = await agents.SendAsync(agent, command, body, stop);
        return (result.Body, result.Error);
    }

    private bool IsOpenFile(string name) => _recordings.Values.Any(r => r.File == name && !r.Ended.IsCompleted);
}

/// <summary>A capture in the service's folder.</summary>
/// <param name="File">Its name.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="At">When it was written last.</param>
/// <param name="Growing">Whether it is being written.</param>
internal sealed record CaptureFileView(string File, long Bytes, DateTimeOffset At, bool Growing);
