using Pressure.Record;

namespace Pressure.Cluster;

/// <summary>Writes what workers are offered in one run.</summary>
/// <param name="Run">The run's id.</param>
/// <param name="Manifest">Its manifest as text.</param>
/// <param name="Plan">Its plan's text.</param>
/// <param name="Files">Files that the plan names.</param>
/// <param name="Allow">Hosts that may be pressed.</param>
/// <param name="Weights">Of all shares.</param>
/// <param name="Heartbeat">How often workers tell that they are alive.</param>
/// <param name="Lease">How long they go on without being heard.</param>
internal sealed record CrewOffers(
    string Run, string Manifest, string Plan, IReadOnlyList<OfferedFile> Files, IReadOnlyList<string> Allow, IReadOnlyList<int> Weights, TimeSpan Heartbeat, TimeSpan Lease)
{
    /// <summary>A share for a worker.</summary>
    public BusMessage Of(ShareTerm term) => MessageBody.Write(MessageKinds.Offer, new ShareOffer
    {
        Run = Run,
        Share = term.Share,
        Epoch = term.Epoch,
        Weights = Weights,
        From = term.From,
        ClockSlack = term.ClockSlack,
        Version = ProductVersion.Text,
        Manifest = Manifest,
        Plan = Plan,
        Files = Files,
        Allow = Allow,
        Heartbeat = Heartbeat,
        Lease = Lease,
    });

    /// <summary>The moment of offset zero for a share.</summary>
    public BusMessage Begin(ShareTerm term, RunClock clock) => MessageBody.Write(MessageKinds.Begin, new ShareBegin(Run, term.Share, term.Epoch, clock.StartedAt));
}
