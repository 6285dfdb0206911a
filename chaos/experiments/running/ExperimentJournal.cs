using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pressure.Record;

namespace Pressure.Chaos;

/// <summary>
/// The journal of a run in Chaos Toolkit's format, written whole after every step, so that a crash leaves what was known. Holds no secrets. Thread-safe.
/// </summary>
internal sealed class ExperimentJournal
{
    private static readonly JsonSerializerOptions Options = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Lock _gate = new();
    private readonly JsonObject _journal;
    private readonly Redaction _redaction;
    private readonly RunClock _clock;
    private readonly string? _path;

    /// <param name="experiment">The experiment.</param>
    /// <param name="id">The run's id.</param>
    /// <param name="timeline">Its clock, and the folder to write into.</param>
    public ExperimentJournal(Experiment experiment, string id, IChaosTimeline timeline)
    {
        (_redaction, _clock) = (new(experiment), timeline.Clock);
        _path = timeline.Folder is { } folder ? Path.Combine(folder, "chaos", $"{id}.journal.json") : null;
        _journal = new()
        {
            ["chaoslib-version"] = $"pressure {typeof(ExperimentJournal).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion}",
            ["platform"] = RuntimeInformation.OSDescription,
            ["node"] = Environment.MachineName,
            ["experiment"] = _redaction.Of(experiment.Document),
            ["start"] = Wall(timeline.Clock.Now),
            ["status"] = null,
            ["deviated"] = false,
            ["steady_states"] = new JsonObject { ["before"] = null, ["after"] = null, ["during"] = new JsonArray() },
            ["run"] = new JsonArray(),
            ["rollbacks"] = new JsonArray(),
        };
        _started = timeline.Clock.Now;
    }

    private readonly TimeSpan _started;

    /// <summary>Why it could not be written; null while it could.</summary>
    public string? Problem { get; private set; }

    /// <summary>The journal as it is now.</summary>
    public JsonObject Document
    {
        get
        {
            lock (_gate)
                return (JsonObject)_journal.DeepClone();
        }
    }

    /// <summary>An activity begins: it has its place in the order from here on. Give what is returned to <see cref="End"/>.</summary>
    public JsonObject Begin(string list, Activity activity)
    {
        var entry = new JsonObject { ["activity"] = _redaction.Of(activity.Written), ["status"] = null, ["start"] = Wall(_clock.Now), ["output"] = null };
        Change(() => ((JsonArray)_journal[list]!).Add((JsonNode)entry));
        return entry;
    }

    /// <summary>An activity has ended.</summary>
    public void End(JsonObject entry, ActivityResult result) => Change(() =>
    {
        foreach (var (key, value) in Entry(result).ToList())
            entry[key] = value?.DeepClone();
    });

    /// <summary>What the hypothesis gave: <c>before</c>, <c>after</c>, or one more of <c>during</c>.</summary>
    public void Take(string when, HypothesisState state) => Change(() =>
    {
        var states = (JsonObject)_journal["steady_states"]!;
        var probes = state.Probes.Select(p =>
        {
            var entry = Entry(p.Result);
            entry["activity"] = _redaction.Of(p.Activity.Written);
            entry["tolerance_met"] = p.Problem is null;
            return (JsonNode)entry;
        });
        var taken = new JsonObject { ["steady_state_met"] = state.Met, ["probes"] = new JsonArray([.. probes]) };
        if (when == "during")
            ((JsonArray)states[when]!).Add((JsonNode)taken);
        else
            states[when] = taken;
    });

    /// <summary>The run is over.</summary>
    public void Close(ExperimentStatus status, bool deviated, string why, IReadOnlyList<string> left) => Change(() =>
    {
        var now = _clock.Now;
        _journal["status"] = status.ToString().ToLowerInvariant();
        _journal["deviated"] = deviated;
        _journal["end"] = Wall(now);
        _journal["duration"] = (now - _started).TotalSeconds;
        if (why.Length > 0)
            _journal["reason"] = _redaction.Of(why);
        if (left.Count > 0)
            _journal["left"] = new JsonArray([.. left.Select(l => (JsonNode)_redaction.Of(l))]);
    });

    /// <summary>Says it without secrets.</summary>
    public string Redacted(string text) => _redaction.Of(text);

    private JsonObject Entry(ActivityResult result)
    {
        var entry = new JsonObject
        {
            ["status"] = result.Problem is null ? "succeeded" : "failed",
            ["start"] = Wall(result.Start),
            ["end"] = Wall(result.End),
            ["duration"] = (result.End - result.Start).TotalSeconds,
            ["output"] = _redaction.Of(result.Output),
        };
        if (result.Problem is { } problem)
            entry["exception"] = new JsonArray(_redaction.Of(problem));
        if (result.Deviation is { } deviation)
        {
            entry["tolerance_met"] = false;
            entry["deviation"] = _redaction.Of(deviation);
        }
        return entry;
    }

    private void Change(Action change)
    {
        lock (_gate)
        {
            change();
            if (_path is null)
                return;
            try
            {
                Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
                WholeFile.WriteSecret(_path, _journal.ToJsonString(Options));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Problem ??= $"the journal {_path} can't be written: {e.Message}";
            }
        }
    }

    private string Wall(TimeSpan at) => _clock.WallTimeAt(at).ToString("yyyy-MM-ddTHH:mm:ss.ffffffzzz", CultureInfo.InvariantCulture);
}
