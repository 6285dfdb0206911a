using Pressure.LoadGen;

namespace Pressure.Cluster;

/// <summary>What follows from an offer.</summary>
internal static class ShareOfferParts
{
    /// <summary>The part of the run that is offered.</summary>
    public static WorkShare WorkShare(this ShareOffer offer) => new(new ShareSplit([.. offer.Weights.Select(w => (decimal)w)]), offer.Share) { From = offer.From };

    /// <summary>The share and whose time with it.</summary>
    public static HeldShare Held(this ShareOffer offer) => new(offer.Share, offer.Epoch);
}
