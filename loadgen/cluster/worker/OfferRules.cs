using Pressure.LoadGen;

namespace Pressure.Cluster;

/// <summary>What no coordinator of ours would offer: it goes to the dead letters, whatever else is in it.</summary>
internal static class OfferRules
{
    private const int MostShares = 10_000;
    private const int MostFiles = 1_000;
    private const int MostAllowed = 10_000;
    private const int LongestName = 400;
    private const int LongestRun = 120;
    private const int HashLength = 64;

    private static readonly TimeSpan ShortestHeartbeat = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestLease = TimeSpan.FromDays(1);

    /// <summary>Why an offer can't be one; null when it can.</summary>
    public static string? WhyNot(ShareOffer offer)
    {
        if (!IsRun(offer.Run))
            return "its run has no name that a folder can have";
        if (offer.Weights.Count is 0 or > MostShares || offer.Weights.Any(w => w <= 0) || offer.Weights.Sum(w => (long)w) > ScenarioMix.LongestPeriod)
            return "its weights are none";
        if (offer.Share < 0 || offer.Share >= offer.Weights.Count || offer.Epoch < 0)
            return $"there is no share {offer.Share}, epoch {offer.Epoch}, of {offer.Weights.Count}";
        if (offer.From < TimeSpan.Zero || offer.From > PlanLimits.LongestDuration)
            return $"{offer.From} is no moment of a run";
        if (offer.Heartbeat < ShortestHeartbeat || offer.Lease <= offer.Heartbeat || offer.Lease > LongestLease)
            return $"a lease of {offer.Lease} with a heartbeat of {offer.Heartbeat} can't be kept";
        if (offer.Allow.Count > MostAllowed || offer.Files.Count > MostFiles)
            return $"it has {offer.Files.Count} files and {offer.Allow.Count} hosts";
        return offer.Files.Select(WhyNot).FirstOrDefault(why => why is not null) ?? (offer.Files.DistinctBy(f => f.Name).Count() < offer.Files.Count ? "it offers a file twice" : null);
    }

    /// <summary>Whether it can be a run's id: safe as a folder's name.</summary>
    public static bool IsRun(string run) => run.Length is > 0 and <= LongestRun && char.IsAsciiLetterOrDigit(run[0]) && run.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    /// <summary>Whether a name stays in the folder that it counts from.</summary>
    public static bool StaysInside(string name) =>
        name.Length is > 0 and <= LongestName && !Path.IsPathRooted(name) && !name.Any(c => char.IsControl(c) || c == '\\')
        && name.Split('/').All(part => part.Length > 0 && part != "..") && Path.GetFileName(name) != ".";

    private static string? WhyNot(OfferedFile file)
    {
        if (!StaysInside(file.Name))
            return $"the file '{file.Name}' would lie outside of the plan's folder; let it lie in there, or below";
        if (file.Hash.Length != HashLength || !file.Hash.All(char.IsAsciiHexDigitLower))
            return $"'{file.Hash}' is no hash";
        return file.Length < 0 ? $"the file '{file.Name}' has {file.Length} bytes" : null;
    }
}
