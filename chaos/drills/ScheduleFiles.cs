using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pressure.Chaos;

/// <summary>Schedules with how they stand, one file each, so that they outlive the service.</summary>
/// <param name="folder">Where they lie.</param>
/// <param name="files">How they are changed.</param>
internal sealed class ScheduleFiles(string folder, IKeptFiles files)
{
    /// <summary>All that can be read, by name; and those that can't, with the reason.</summary>
    public (IReadOnlyList<KeptSchedule> Schedules, IReadOnlyList<string> Unreadable) Load()
    {
        List<KeptSchedule> schedules = [];
        List<string> unreadable = [];
        foreach (var file in Files())
        {
            try
            {
                schedules.Add(Parse(File.ReadAllText(file), Path.GetFileNameWithoutExtension(file)));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or InvalidDataException)
            {
                unreadable.Add($"{Path.GetFileName(file)}: {e.Message}");
            }
        }
        return (schedules, unreadable);
    }

    /// <summary>Changes one as one step, given it as it is (null: not there, or nothing that can be read); null when that changed nothing.</summary>
    /// <exception cref="IOException">It can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It can't be written.</exception>
    public KeptSchedule? Change(string name, Func<KeptSchedule?, KeptSchedule?> change)
    {
        Directory.CreateDirectory(folder);
        KeptSchedule? after = null;
        files.Change(PathOf(name), before => (after = change(before is null ? null : TryParse(before, name))) is null ? before : Write(after));
        return after;
    }

    /// <summary>One as it lies on the disk; null if it is not there, or nothing that can be read.</summary>
    public KeptSchedule? Find(string name) => File.Exists(PathOf(name)) ? TryParse(File.ReadAllText(PathOf(name)), name) : null;

    public void Delete(string name) => files.Delete(PathOf(name));

    private IEnumerable<string> Files() => Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal) : [];

    private static string Write(KeptSchedule kept) => new JsonObject
    {
        ["schedule"] = JsonSerializer.SerializeToNode(kept.Schedule, DeskJson.Options),
        ["state"] = JsonSerializer.SerializeToNode(kept.State, DeskJson.Options),
    }.ToJsonString(DeskJson.Options);

    private static KeptSchedule? TryParse(string text, string name)
    {
        try
        {
            return Parse(text, name);
        }
        catch (Exception e) when (e is JsonException or InvalidDataException)
        {
            return null;
        }
    }

    private static KeptSchedule Parse(string text, string name)
    {
        var json = JsonNode.Parse(text) as JsonObject;
        var schedule = json?["schedule"].Deserialize<DrillSchedule>(DeskJson.Options) ?? throw new InvalidDataException("it holds no schedule");
        // The file's name is what it is found by: another one inside would be a copy made by hand.
        if (schedule.Name != name)
            throw new InvalidDataException($"it is called {schedule.Name} inside; rename the file or the schedule");
        var (plan, problems) = SchedulePlan.Check(schedule);
        return plan is null
            ? throw new InvalidDataException(string.Join("; ", problems.Select(p => $"{p.Field}: {p.Message}")))
            : new(plan, json["state"].Deserialize<ScheduleState>(DeskJson.Options) ?? new ScheduleState());
    }

    private string PathOf(string name) => Path.Combine(folder, $"{name}.json");
}

/// <summary>A schedule and how it stands.</summary>
/// <param name="Plan">The schedule.</param>
/// <param name="State">How it stands.</param>
public sealed record KeptSchedule(SchedulePlan Plan, ScheduleState State)
{
    /// <summary>What was asked.</summary>
    public DrillSchedule Schedule => Plan.Schedule;

    /// <summary>Whether both ring at the same moments, whatever came of those before.</summary>
    internal bool RingsLike(KeptSchedule other) =>
        State.Off is null == other.State.Off is null && JsonSerializer.Serialize(Schedule, DeskJson.Options) == JsonSerializer.Serialize(other.Schedule, DeskJson.Options);
}
