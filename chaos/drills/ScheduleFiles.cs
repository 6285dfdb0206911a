using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pressure.Chaos;

/// <summary>Schedules with how they stand, one file each, so that they outlive the service.</summary>
/// <param name="folder">Where they lie.</param>
internal sealed class ScheduleFiles(string folder)
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
                schedules.Add(Read(file));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or InvalidDataException)
            {
                unreadable.Add($"{Path.GetFileName(file)}: {e.Message}");
            }
        }
        return (schedules, unreadable);
    }

    /// <exception cref="IOException">It can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It can't be written.</exception>
    public void Save(DrillSchedule schedule, ScheduleState state)
    {
        Directory.CreateDirectory(folder);
        var json = new JsonObject { ["schedule"] = JsonSerializer.SerializeToNode(schedule, DeskJson.Options), ["state"] = JsonSerializer.SerializeToNode(state, DeskJson.Options) };
        AtomicFile.Write(PathOf(schedule.Name), json.ToJsonString(DeskJson.Options));
    }

    public void Delete(string name) => File.Delete(PathOf(name));

    private IEnumerable<string> Files() => Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal) : [];

    private static KeptSchedule Read(string file)
    {
        var json = JsonNode.Parse(File.ReadAllText(file)) as JsonObject;
        var schedule = json?["schedule"].Deserialize<DrillSchedule>(DeskJson.Options) ?? throw new InvalidDataException("it holds no schedule");
        // The file's name is what it is found by: another one inside would be a copy made by hand.
        if (schedule.Name != Path.GetFileNameWithoutExtension(file))
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
}
