namespace Pressure.Record;

/// <summary>What happens to the workers of a run: the same closed set, kept in a file of its own for its length.</summary>
public abstract partial record TimelineEvent
{
    /// <summary>A worker is not heard any more, or said that it can't go on; its lease has run out.</summary>
    /// <param name="At">When it was given up.</param>
    /// <param name="Worker">Its name.</param>
    /// <param name="Silence">How long it had not been heard.</param>
    /// <param name="Why">What it said last, if it did: an English sentence; empty for silence.</param>
    public sealed record WorkerLost(TimeSpan At, string Worker, TimeSpan Silence, string Why = "") : TimelineEvent(At)
    {
        /// <inheritdoc/>
        public override string Target => Worker;

        /// <inheritdoc/>
        public override string Detail => Why.Length > 0 ? $"Worker {Worker} is lost: {Why}" : FormattableString.Invariant($"Worker {Worker} is lost: not heard for {Silence.TotalSeconds:0.#} s");
    }

    /// <summary>A share goes on at another worker.</summary>
    /// <param name="At">From when on the other one makes it.</param>
    /// <param name="Share">The share, from 0.</param>
    /// <param name="From">Who had it.</param>
    /// <param name="To">Who has it.</param>
    public sealed record ShareTakenOver(TimeSpan At, int Share, string From, string To) : TimelineEvent(At)
    {
        /// <inheritdoc/>
        public override string Target => To;

        /// <inheritdoc/>
        public override string Detail => $"{To} takes over share {Share + 1} from {From}";
    }

    /// <summary>A worker that was lost, or whose results were missing, is heard again.</summary>
    /// <param name="At">When.</param>
    /// <param name="Worker">Its name.</param>
    /// <param name="Seconds">Seconds of results that it brought along.</param>
    public sealed record WorkerHeard(TimeSpan At, string Worker, int Seconds) : TimelineEvent(At)
    {
        /// <inheritdoc/>
        public override string Target => Worker;

        /// <inheritdoc/>
        public override string Detail => $"Worker {Worker} is heard again, with {Seconds} s of results";
    }

    /// <summary>Requests of a share that nobody made, or of which nobody could tell any more: counted as asked and not sent.</summary>
    /// <param name="At">From when on.</param>
    /// <param name="Until">Until when.</param>
    /// <param name="Share">The share, from 0.</param>
    /// <param name="Worker">Whose it was.</param>
    /// <param name="Requests">How many.</param>
    public sealed record ShareUnsent(TimeSpan At, TimeSpan Until, int Share, string Worker, long Requests) : TimelineEvent(At)
    {
        /// <inheritdoc/>
        public override string Target => Worker;

        /// <inheritdoc/>
        public override string Detail => FormattableString.Invariant($"{Requests} requests of share {Share + 1} count as not sent: no worker made them, or its results are lost");
    }

    /// <summary>The coordinator was gone and goes on with the run.</summary>
    /// <param name="At">When it was back.</param>
    /// <param name="Gone">How long it had been gone, as far as its record tells.</param>
    public sealed record CoordinatorReturned(TimeSpan At, TimeSpan Gone) : TimelineEvent(At)
    {
        /// <inheritdoc/>
        public override string Detail => FormattableString.Invariant($"The coordinator is back after {Gone.TotalSeconds:0.#} s");
    }
}
