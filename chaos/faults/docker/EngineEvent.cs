using System.Globalization;
using System.Text.Json.Nodes;

namespace Pressure.Faults;

/// <summary>What an engine tells, or that it tells nothing any more. A closed set.</summary>
public abstract record EngineEvent
{
    private EngineEvent()
    {
    }

    /// <summary>Something happened to a container.</summary>
    /// <param name="TimeNano">When, by the engine's clock: nanoseconds since 1970.</param>
    /// <param name="Id">The container's id.</param>
    /// <param name="Name">Its name.</param>
    /// <param name="Action">The engine's word: <c>die</c>, <c>kill</c>, <c>oom</c>, <c>start</c>, <c>health_status: healthy</c>, ...</param>
    public sealed record Changed(long TimeNano, string Id, string Name, string Action) : EngineEvent
    {
        /// <summary>What it ended with; null if it did not.</summary>
        public int? ExitCode { get; init; }

        /// <summary>The signal that it was sent; null if none.</summary>
        public string? Signal { get; init; }

        /// <summary>When, by the engine's clock.</summary>
        public DateTimeOffset At => DateTimeOffset.UnixEpoch.AddTicks(TimeNano / 100);

        /// <summary>What it adds for people: <c>exit code 137</c>, <c>signal 9</c>; empty if nothing.</summary>
        public string Note => ExitCode is { } code ? $"exit code {code}" : Signal is { } signal ? $"signal {signal}" : "";

        /// <summary>Reads an object of the engine's stream; null if it is of something else.</summary>
        internal static Changed? From(JsonObject told) =>
            told.Text("Type") != "container" ? null
                : new(told.Number("timeNano"), told.Text("Actor", "ID"), told.Text("Actor", "Attributes", "name"), told.Text("Action"))
                {
                    ExitCode = int.TryParse(told.Text("Actor", "Attributes", "exitCode"), CultureInfo.InvariantCulture, out var code) ? code : null,
                    Signal = told.Text("Actor", "Attributes", "signal") is { Length: > 0 } signal ? signal : null,
                };
    }

    /// <summary>The engine can't be heard; it is tried again and again.</summary>
    /// <param name="Why">An English sentence.</param>
    /// <param name="Remedy">What a person can do.</param>
    public sealed record Away(string Why, string Remedy) : EngineEvent;

    /// <summary>The engine is heard again.</summary>
    public sealed record Back : EngineEvent;
}
