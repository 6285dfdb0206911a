namespace Pressure.Record;

/// <summary>What chaos tells: the same closed set, kept in a file of its own for its length.</summary>
public abstract partial record TimelineEvent
{
    /// <summary>An experiment begins.</summary>
    /// <param name="At">Offset on the run clock.</param>
    /// <param name="Experiment">Its run's id.</param>
    /// <param name="Title">Its title.</param>
    /// <param name="By">Who runs it.</param>
    public sealed record ExperimentStarted(TimeSpan At, string Experiment, string Title, string By) : TimelineEvent(At)
    {
        /// <inheritdoc/>
        public override string Target => Title;

        /// <inheritdoc/>
        public override string Detail => $"Experiment begins: {Title} (by {By})";
    }

    /// <summary>An experiment is over; everything that it did is undone or told of as <see cref="RevertIncomplete"/>.</summary>
    /// <param name="At">Offset on the run clock.</param>
    /// <param name="Experiment">Its run's id.</param>
    /// <param name="Title">Its title.</param>
    /// <param name="Status"><c>completed</c>, <c>failed</c>, <c>aborted</c>, <c>interrupted</c>.</param>
    /// <param name="Deviated">The steady state did not hold, or did not come back.</param>
    public sealed record ExperimentEnded(TimeSpan At, string Experiment, string Title, string Status, bool Deviated) : TimelineEvent(At)
    {
        /// <inheritdoc/>
        public override string Target => Title;

        /// <inheritdoc/>
        public override string Detail => $"Experiment {Status}{(Deviated ? ", the steady state deviated" : "")}: {Title}";
    }

    /// <summary>A guard did not let something be struck.</summary>
    /// <param name="At">Offset on the run clock.</param>
    /// <param name="Experiment">The experiment's run's id; empty for a monkey.</param>
    /// <param name="Fault">Kind of fault.</param>
    /// <param name="Guard">The guard.</param>
    /// <param name="Why">An English sentence.</param>
    public sealed record StrikeRefused(TimeSpan At, string Experiment, string Fault, string Guard, string Why) : TimelineEvent(At)
    {
        /// <inheritdoc/>
        public override string Target => Guard;

        /// <inheritdoc/>
        public override string Detail => $"{Fault} refused: {Why}";
    }

    /// <summary>A fault is in force from here on.</summary>
    /// <param name="At">Offset on the run clock.</param>
    /// <param name="Handle">Its ownership handle.</param>
    /// <param name="Experiment">The experiment's run's id; empty if it is of none.</param>
    /// <param name="Fault">Kind of fault.</param>
    /// <param name="Host">Where: <c>local</c>, or an agent's name.</param>
    /// <param name="On">What is struck, its name for people.</param>
    /// <param name="Until">When it ends by itself, on the run clock.</param>
    /// <param name="Arguments">Its arguments for people: <c>percent 30%</c>; empty if none.</param>
    public sealed record FaultOn(TimeSpan At, string Handle, string Experiment, string Fault, string Host, string On, TimeSpan Until, string Arguments = "") : TimelineEvent(At)
    {
        /// <inheritdoc/>
        public override string Target => On;

        /// <inheritdoc/>
        public override string Detail => $"Fault on: {Fault}{(Arguments.Length > 0 ? $" ({Arguments})" : "")} on {On}";
    }

    /// <summary>A fault is undone.</summary>
    /// <param name="At">Offset on the run clock.</param>
    /// <param name="Handle">Its ownership handle.</param>
    /// <param name="Fault">Kind of fault.</param>
    /// <param name="On">What was struck.</param>
    /// <param name="By">Who ended it: <c>deadline</c>, <c>controller</c>, <c>lost controller</c>, <c>watchdog</c>, <c>halt-all</c>, <c>start</c>, <c>kernel</c>.</param>
    /// <param name="Note">Why there was nothing to undo; null if it was undone.</param>
    public sealed record FaultOff(TimeSpan At, string Handle, string Fault, string On, string By, string? Note = null) : TimelineEvent(At)
    {
        /// <inheritdoc/>
        public override string Target => On;

        /// <inheritdoc/>
        public override string Detail => $"Fault off: {Fault} on {On} ({(Note is null ? $"undone by {By}" : Note)})";
    }

    /// <summary>A fault could not be applied; nothing is left of it unless <see cref="RevertIncomplete"/> follows.</summary>
    /// <param name="At">Offset on the run clock.</param>
    /// <param name="Experiment">The experiment's run's id; empty if it is of none.</param>
    /// <param name="Fault">Kind of fault.</param>
    /// <param name="On">What was to be struck.</param>
    /// <param name="Why">An English sentence.</param>
    public sealed record FaultFailed(TimeSpan At, string Experiment, string Fault, string On, string Why) : TimelineEvent(At)
    {
        /// <inheritdoc/>
        public override string Target => On;

        /// <inheritdoc/>
        public override string Detail => $"{Fault} on {On} failed: {Why}";
    }

    /// <summary>Something of a fault is left: the run's exit code is 4 unless a <see cref="FaultOff"/> of the same handle follows.</summary>
    /// <param name="At">Offset on the run clock.</param>
    /// <param name="Handle">Its ownership handle.</param>
    /// <param name="Fault">Kind of fault.</param>
    /// <param name="On">What was struck.</param>
    /// <param name="What">What is left, an English clause.</param>
    /// <param name="Remedy">What a person can do.</param>
    public sealed record RevertIncomplete(TimeSpan At, string Handle, string Fault, string On, string What, string Remedy) : TimelineEvent(At)
    {
        /// <inheritdoc/>
        public override string Target => On;

        /// <inheritdoc/>
        public override string Detail => $"{Fault} on {On} is not undone: {What}. {Remedy}";
    }

    /// <summary>A probe that held, or was never asked before, does not hold.</summary>
    /// <param name="At">Offset on the run clock; when it was asked.</param>
    /// <param name="Experiment">The experiment's run's id.</param>
    /// <param name="Probe">Its name.</param>
    /// <param name="Why">What it saw, an English clause.</param>
    /// <param name="Every">The interval at which it is asked; zero if it was asked once.</param>
    public sealed record ProbeFailed(TimeSpan At, string Experiment, string Probe, string Why, TimeSpan Every = default) : TimelineEvent(At)
    {
        /// <inheritdoc/>
        public override string Target => Probe;

        /// <inheritdoc/>
        public override string Detail => $"Probe fails: {Probe}, {Why}";
    }

    /// <summary>A probe that failed, or was never asked before, holds.</summary>
    /// <param name="At">Offset on the run clock; when it was asked.</param>
    /// <param name="Experiment">The experiment's run's id.</param>
    /// <param name="Probe">Its name.</param>
    /// <param name="Every">The interval at which it is asked; zero if it was asked once.</param>
    public sealed record ProbeHeld(TimeSpan At, string Experiment, string Probe, TimeSpan Every = default) : TimelineEvent(At)
    {
        /// <inheritdoc/>
        public override string Target => Probe;

        /// <inheritdoc/>
        public override string Detail => $"Probe holds: {Probe}";
    }

    /// <summary>The container engine told of a container.</summary>
    /// <param name="At">Offset on the run clock, from the engine's own time.</param>
    /// <param name="Host">Where: <c>local</c>, or an agent's name.</param>
    /// <param name="Container">Its name.</param>
    /// <param name="Action">The engine's word: <c>die</c>, <c>kill</c>, <c>oom</c>, <c>start</c>, <c>stop</c>, <c>pause</c>, <c>unpause</c>, <c>restart</c>, <c>destroy</c>, <c>health_status: healthy</c>.</param>
    /// <param name="Note">What it adds: exit code, signal; empty if nothing.</param>
    public sealed record ContainerChanged(TimeSpan At, string Host, string Container, string Action, string Note = "") : TimelineEvent(At)
    {
        /// <inheritdoc/>
        public override string Target => Container;

        /// <inheritdoc/>
        public override string Detail => $"Container {Container}: {Action}{(Note.Length > 0 ? $" ({Note})" : "")}";
    }

    /// <summary>Somebody, or an alarm, says how far the answer to a disturbance is.</summary>
    /// <param name="At">Offset on the run clock.</param>
    /// <param name="Mark"><c>detected</c>, <c>located</c>, <c>recovered</c>.</param>
    /// <param name="By">Who.</param>
    /// <param name="Note">What they add; empty if nothing.</param>
    public sealed record Marked(TimeSpan At, string Mark, string By, string Note = "") : TimelineEvent(At)
    {
        /// <summary>Noticed that something is wrong; found out what; all is well again.</summary>
        public const string Detected = "detected", Located = "located", Recovered = "recovered";

        /// <summary>What can be marked.</summary>
        public static IReadOnlyList<string> Words { get; } = [Detected, Located, Recovered];

        /// <inheritdoc/>
        public override string Target => Mark;

        /// <inheritdoc/>
        public override string Detail => $"Marked as {Mark} by {By}{(Note.Length > 0 ? $": {Note}" : "")}";
    }
}
