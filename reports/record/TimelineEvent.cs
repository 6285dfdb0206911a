using System.Text.Json.Serialization;

namespace Pressure.Record;

/// <summary>Something that happened at a moment of the run. A closed set: every kind is nested here.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(RunStarted), "runStarted")]
[JsonDerivedType(typeof(WarmUpEnded), "warmUpEnded")]
[JsonDerivedType(typeof(StageStarted), "stageStarted")]
[JsonDerivedType(typeof(LoadEnded), "loadEnded")]
[JsonDerivedType(typeof(LoadSteered), "loadSteered")]
[JsonDerivedType(typeof(StopRequested), "stopRequested")]
[JsonDerivedType(typeof(Aborted), "aborted")]
[JsonDerivedType(typeof(TargetFailing), "targetFailing")]
[JsonDerivedType(typeof(TargetRecovered), "targetRecovered")]
[JsonDerivedType(typeof(GeneratorSaturated), "generatorSaturated")]
[JsonDerivedType(typeof(DataUsedUp), "dataUsedUp")]
[JsonDerivedType(typeof(DataLost), "dataLost")]
[JsonDerivedType(typeof(HostSilent), "hostSilent")]
[JsonDerivedType(typeof(HostHeard), "hostHeard")]
[JsonDerivedType(typeof(SourceSilent), "sourceSilent")]
[JsonDerivedType(typeof(SourceHeard), "sourceHeard")]
[JsonDerivedType(typeof(SourceEnded), "sourceEnded")]
[JsonDerivedType(typeof(ExportDropping), "exportDropping")]
[JsonDerivedType(typeof(Exported), "exported")]
[JsonDerivedType(typeof(SearchPlateauStarted), "searchPlateauStarted")]
[JsonDerivedType(typeof(SearchPlateauEnded), "searchPlateauEnded")]
[JsonDerivedType(typeof(SearchEnded), "searchEnded")]
[JsonDerivedType(typeof(ExperimentStarted), "experimentStarted")]
[JsonDerivedType(typeof(ExperimentEnded), "experimentEnded")]
[JsonDerivedType(typeof(StrikeRefused), "strikeRefused")]
[JsonDerivedType(typeof(FaultOn), "faultOn")]
[JsonDerivedType(typeof(FaultOff), "faultOff")]
[JsonDerivedType(typeof(FaultFailed), "faultFailed")]
[JsonDerivedType(typeof(RevertIncomplete), "revertIncomplete")]
[JsonDerivedType(typeof(ProbeFailed), "probeFailed")]
[JsonDerivedType(typeof(ProbeHeld), "probeHeld")]
[JsonDerivedType(typeof(ContainerChanged), "containerChanged")]
[JsonDerivedType(typeof(Marked), "marked")]
[JsonDerivedType(typeof(WorkerLost), "workerLost")]
[JsonDerivedType(typeof(ShareTakenOver), "shareTakenOver")]
[JsonDerivedType(typeof(WorkerHeard), "workerHeard")]
[JsonDerivedType(typeof(ShareUnsent), "shareUnsent")]
[JsonDerivedType(typeof(CoordinatorReturned), "coordinatorReturned")]
[JsonDerivedType(typeof(RunFailed), "runFailed")]
[JsonDerivedType(typeof(RunEnded), "runEnded")]
public abstract partial record TimelineEvent
{
    private TimelineEvent(TimeSpan at) => At = at;

    /// <summary>Offset on the run clock.</summary>
    public TimeSpan At { get; init; }

    /// <summary>What it concerns (a host, a service, a stage); empty when it is the run itself.</summary>
    [JsonIgnore]
    public virtual string Target => "";

    /// <summary>One English line for people.</summary>
    [JsonIgnore]
    public abstract string Detail { get; }

    /// <summary>The first request may go out from here on.</summary>
    public sealed record RunStarted(TimeSpan At) : TimelineEvent(At)
    {
        /// <inheritdoc/>
        public override string Detail => "Load starts";
    }

    /// <summary>From here on, requests count for thresholds and summary.</summary>
    public sealed record WarmUpEnded(TimeSpan At) : TimelineEvent(At)
    {
        /// <inheritdoc/>
        public override string Detail => "Warm-up ends, measuring starts";
    }

    /// <summary>A stage of the plan begins; rates in requests per second.</summary>
    public sealed record StageStarted(TimeSpan At, int Stage, double FromRate, double ToRate) : TimelineEvent(At)
    {
        /// <inheritdoc/>
        public override string Target => $"stage {Stage + 1}";

        /// <inheritdoc/>
        public override string Detail => FromRate.Equals(ToRate) ? $"Hold {ToRate:0.##}/s" : $"Ramp {FromRate:0.##}/s to {ToRate:0.##}/s";
    }

    /// <summary>The schedule is used up; answers may still come in.</summary>
    public sealed record LoadEnded(TimeSpan At) : TimelineEvent(At)
    {
        /// <inheritdoc/>
        public override string Detail => "Load ends";
    }

    /// <summary>Somebody changed the running load.</summary>
    /// <param name="At">From when on it holds, on the run clock.</param>
    /// <param name="By">Who: <c>ctl</c>, <c>web page</c>.</param>
    /// <param name="To">What of it.</param>
    /// <param name="Value">Requests per second, share of the plan's rate (1.5 is 150 %), or users; 0 where there is nothing to tell.</param>
    public sealed record LoadSteered(TimeSpan At, string By, SteeredTo To, double Value = 0) : TimelineEvent(At)
    {
        /// <summary>What of the load it concerns: <c>rate</c>, <c>factor</c>, <c>users</c>, <c>plan</c>, <c>paused</c> or <c>resumed</c>.</summary>
        [JsonIgnore]
        public override string Target => To.ToString().ToLowerInvariant();

        /// <inheritdoc/>
        public override string Detail => To switch
        {
            SteeredTo.Rate => FormattableString.Invariant($"Rate changed to {Value:0.##}/s by {By}"),
            SteeredTo.Factor => FormattableString.Invariant($"Rate changed to {Value * 100:0.##}% of the plan by {By}"),
            SteeredTo.Users => FormattableString.Invariant($"Users changed to {Value:0} by {By}"),
            SteeredTo.Paused => $"Paused by {By}",
            SteeredTo.Resumed => $"Resumed by {By}",
            _ => $"Back to the plan by {By}",
        };
    }

    /// <summary>Somebody stopped the run before its end.</summary>
    /// <param name="At">When, on the run clock; for a graceful stop the end of the load.</param>
    /// <param name="By">Who.</param>
    /// <param name="Graceful">Iterations under way could finish.</param>
    public sealed record StopRequested(TimeSpan At, string By, bool Graceful = false) : TimelineEvent(At)
    {
        /// <inheritdoc/>
        public override string Detail => Graceful ? $"Stopped gracefully by {By}" : $"Stopped by {By}";
    }

    /// <summary>A rule of the plan ended the run, since what it forbids has come true.</summary>
    /// <param name="At">Offset on the run clock.</param>
    /// <param name="Metric">Metric of the rule as written.</param>
    /// <param name="Expression">What must not come true, as written.</param>
    /// <param name="Actual">What was measured, for people.</param>
    /// <param name="Over">Length of the window that was looked at.</param>
    public sealed record Aborted(TimeSpan At, string Metric, string Expression, string Actual, TimeSpan Over) : TimelineEvent(At)
    {
        /// <inheritdoc/>
        public override string Detail => $"Stopped by the plan's rule {Metric}: {Expression} (it was {Actual} over the last {Over.TotalSeconds:0} s)";
    }

    /// <summary>Within one second every request failed.</summary>
    public sealed record TargetFailing(TimeSpan At, RequestError Error, int Status) : TimelineEvent(At)
    {
        /// <inheritdoc/>
        public override string Detail => Status > 0 ? $"All requests fail: status {Status}" : $"All requests fail: {Error.CamelName()}";
    }

    /// <summary>After <see cref="TargetFailing"/>, requests succeed again.</summary>
    public sealed record TargetRecovered(TimeSpan At) : TimelineEvent(At)
    {
        /// <inheritdoc/>
        public override string Detail => "Requests succeed again";
    }

    /// <summary>The generator could not keep up: figures from here on say more about it than about the target.</summary>
    public sealed record GeneratorSaturated(TimeSpan At, string Why) : TimelineEvent(At)
    {
        /// <inheritdoc/>
        public override string Target => "generator";

        /// <inheritdoc/>
        public override string Detail => $"Generator saturated: {Why}";
    }

    /// <summary>Every row of a data file has been used once, and the plan uses none twice: what needs one is no longer sent.</summary>
    public sealed record DataUsedUp(TimeSpan At, string Name, int Rows) : TimelineEvent(At)
    {
        /// <inheritdoc/>
        public override string Target => Name;

        /// <inheritdoc/>
        public override string Detail => $"The {Rows} rows of {Name}, to be used once each, are used up: what needs one is no longer sent";
    }

    /// <summary>Something measured could not be kept.</summary>
    /// <param name="At">Offset on the run clock.</param>
    /// <param name="Cause">The system's words; all there is to say when no host is named.</param>
    /// <param name="Host">The host that could not be sampled, if it was that.</param>
    public sealed record DataLost(TimeSpan At, string Cause, string? Host = null) : TimelineEvent(At)
    {
        /// <summary>What was lost, as an English clause.</summary>
        public string What => Host is null ? Cause : $"host {Host} cannot be sampled: {Cause}";

        /// <inheritdoc/>
        public override string Target => Host ?? "";

        /// <inheritdoc/>
        public override string Detail => $"Data lost: {What}";
    }

    /// <summary>Nothing is heard of a host's agent any more: its figures have a gap from here on, never zeros.</summary>
    /// <param name="At">Offset on the run clock; when it was noticed.</param>
    /// <param name="Host">The host.</param>
    /// <param name="Last">The last that is known of it.</param>
    public sealed record HostSilent(TimeSpan At, string Host, TimeSpan Last) : TimelineEvent(At)
    {
        /// <inheritdoc/>
        public override string Target => Host;

        /// <inheritdoc/>
        public override string Detail => FormattableString.Invariant($"Nothing is heard of the agent on {Host} since {Last.TotalSeconds:0.0} s");
    }

    /// <summary>The agent of a host is heard again, and tells what it has kept meanwhile.</summary>
    /// <param name="At">Offset on the run clock.</param>
    /// <param name="Host">The host.</param>
    /// <param name="Silence">How long nothing was heard.</param>
    public sealed record HostHeard(TimeSpan At, string Host, TimeSpan Silence) : TimelineEvent(At)
    {
        /// <inheritdoc/>
        public override string Target => Host;

        /// <inheritdoc/>
        public override string Detail => FormattableString.Invariant($"The agent on {Host} is heard again after {Silence.TotalSeconds:0.0} s");
    }

    /// <summary>Nothing comes any more from a source whose traffic is replayed while it passes.</summary>
    /// <param name="At">Offset on the run clock; when it was noticed.</param>
    /// <param name="Source">The source: an agent's name, or an interface.</param>
    /// <param name="Why">Why, as an English clause; empty when it just says nothing.</param>
    public sealed record SourceSilent(TimeSpan At, string Source, string Why) : TimelineEvent(At)
    {
        /// <inheritdoc/>
        public override string Target => Source;

        /// <inheritdoc/>
        public override string Detail => $"No traffic comes from {Source}{(Why.Length > 0 ? $": {Why}" : "")}";
    }

    /// <summary>Traffic comes again from a source that was silent.</summary>
    /// <param name="At">Offset on the run clock.</param>
    /// <param name="Source">The source.</param>
    public sealed record SourceHeard(TimeSpan At, string Source) : TimelineEvent(At)
    {
        /// <inheritdoc/>
        public override string Target => Source;

        /// <inheritdoc/>
        public override string Detail => $"Traffic comes again from {Source}";
    }

    /// <summary>A source whose traffic is replayed while it passes has ended; the others go on.</summary>
    /// <param name="At">Offset on the run clock.</param>
    /// <param name="Source">The source.</param>
    /// <param name="Why">Why, as an English clause; empty when it was to end.</param>
    public sealed record SourceEnded(TimeSpan At, string Source, string Why) : TimelineEvent(At)
    {
        /// <inheritdoc/>
        public override string Target => Source;

        /// <inheritdoc/>
        public override string Detail => $"The traffic from {Source} has ended{(Why.Length > 0 ? $": {Why}" : "")}";
    }

    /// <summary>Points of the run did not reach a sink that they are exported to; the run goes on as before.</summary>
    /// <param name="At">Offset on the run clock; when the first were dropped.</param>
    /// <param name="Sink">Kind and address.</param>
    /// <param name="Problem">Why, as an English clause.</param>
    public sealed record ExportDropping(TimeSpan At, string Sink, string Problem) : TimelineEvent(At)
    {
        /// <inheritdoc/>
        public override string Target => Sink;

        /// <inheritdoc/>
        public override string Detail => $"Points for {Sink} are being dropped: {Problem}";
    }

    /// <summary>What became of the points of the run at a sink that they are exported to.</summary>
    /// <param name="At">Offset on the run clock.</param>
    /// <param name="Sink">Kind and address.</param>
    /// <param name="Sent">Points that it has taken.</param>
    /// <param name="Dropped">Points that were dropped.</param>
    /// <param name="Problem">What was wrong at the end, as an English clause; null if nothing.</param>
    public sealed record Exported(TimeSpan At, string Sink, long Sent, long Dropped, string? Problem = null) : TimelineEvent(At)
    {
        /// <inheritdoc/>
        public override string Target => Sink;

        /// <inheritdoc/>
        public override string Detail => FormattableString.Invariant($"{Sent:N0} points exported to {Sink}, {Dropped:N0} dropped{(Problem is null ? "" : ": " + Problem)}");
    }

    /// <summary>A capacity search begins a plateau; requests per second.</summary>
    public sealed record SearchPlateauStarted(TimeSpan At, int Number, SearchPhase Phase, double Rate) : TimelineEvent(At)
    {
        /// <inheritdoc/>
        public override string Target => $"plateau {Number}";

        /// <inheritdoc/>
        public override string Detail => SearchText.Begin(this);
    }

    /// <summary>A plateau of a capacity search has been judged.</summary>
    /// <param name="At">Offset on the run clock.</param>
    /// <param name="Plateau">The plateau.</param>
    /// <param name="Holds">Highest rate that held so far.</param>
    /// <param name="Breaks">Lowest rate that broke so far.</param>
    public sealed record SearchPlateauEnded(TimeSpan At, SearchPlateau Plateau, double? Holds = null, double? Breaks = null) : TimelineEvent(At)
    {
        /// <inheritdoc/>
        public override string Target => $"plateau {Plateau.Number}";

        /// <inheritdoc/>
        public override string Detail => SearchText.End(this);
    }

    /// <summary>A capacity search is over; the load ends with it.</summary>
    public sealed record SearchEnded(TimeSpan At, SearchResult Result) : TimelineEvent(At)
    {
        /// <inheritdoc/>
        public override string Detail => SearchText.Result(Result);
    }

    /// <summary>The run ended by an error of ours or of its surroundings.</summary>
    /// <param name="At">Offset on the run clock.</param>
    /// <param name="Cause">The system's words; all there is to say when no folder is named.</param>
    /// <param name="Folder">The run folder, if it could not be written.</param>
    /// <param name="Stuck">The lane of the load generator that was blocked, if it was that.</param>
    public sealed record RunFailed(TimeSpan At, string Cause, string? Folder = null, StuckLane? Stuck = null) : TimelineEvent(At)
    {
        /// <summary>Why, as an English clause.</summary>
        public string Why => Stuck is { } stuck ? $"event loop {stuck.Lane} of the load generator hung for {stuck.Silence.TotalSeconds:0} s and was given up"
            : Folder is null ? Cause : $"cannot write to the run folder {Folder}: {Cause}";

        /// <inheritdoc/>
        public override string Detail => $"Run failed: {Why}";
    }

    /// <summary>All answers are in or given up; nothing follows.</summary>
    public sealed record RunEnded(TimeSpan At) : TimelineEvent(At)
    {
        /// <inheritdoc/>
        public override string Detail => "Run ends";
    }
}

/// <summary>What of a running load was changed.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SteeredTo>))]
public enum SteeredTo
{
    /// <summary>The plan's rate or users again.</summary>
    Plan,

    /// <summary>Requests per second.</summary>
    Rate,

    /// <summary>A share of the plan's rate.</summary>
    Factor,

    /// <summary>Users of a closed load.</summary>
    Users,

    /// <summary>Nothing starts.</summary>
    Paused,

    /// <summary>As before the pause.</summary>
    Resumed,
}

/// <summary>A lane of the load generator that turned no more.</summary>
/// <param name="Lane">Its number, from 0.</param>
/// <param name="Silence">How long nothing had been heard of it.</param>
public readonly record struct StuckLane(int Lane, TimeSpan Silence);
