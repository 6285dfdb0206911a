namespace Pressure.LoadGen;

/// <summary>Reads <c>load.search</c>.</summary>
internal static class SearchReader
{
    public static readonly TimeSpan ShortestPlateau = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestPlateau = TimeSpan.FromHours(1);
    private static readonly TimeSpan LongestSearch = TimeSpan.FromDays(1);
    private const string Example = "search: { slo: [ \"http_req_duration: p(95) < 200ms\" ], from: 50/s }";

    /// <summary>The search; null after reporting.</summary>
    public static Load.Search? Read(PlanNode node, string path, ProblemList problems)
    {
        if (FieldReader.Open(node, path, PlanKeys.Search, problems) is not { } fields)
            return null;
        fields.Required("slo", $"Write what must hold, such as {Example}.");
        fields.Required("from", $"Write the rate to begin with, such as {Example}.");
        var slo = new ThresholdReader(scenarios: null, sampled: true, problems).ReadCriteria(fields["slo"], fields.PathTo("slo"));
        var from = fields.Read<Rate>("from", RateText.ParsePositive, default);
        var to = fields.Read<Rate>("to", RateText.ParsePositive, default);
        if (from.Count > 0 && to.Count > 0 && to.PerSecond <= from.PerSecond)
            fields.Report("to", "is not above from", "Write a higher rate, or leave it away to go as high as it holds.");
        var plateau = fields.Read("plateau", PlainText.Duration(ShortestPlateau, LongestPlateau), TimeSpan.FromSeconds(10));
        var resolution = fields.Read<double>("resolution", ReadResolution, 0.05);
        var within = fields.Read("within", PlainText.Duration(ShortestPlateau, LongestSearch), TimeSpan.FromMinutes(15));
        if (within < plateau * 5)
            fields.Report(fields.Has("within") ? "within" : "plateau", "leaves time for less than five plateaus", "Give the search more time, or make the plateaus shorter.");
        return slo.Count > 0 && from.Count > 0 ? new(slo, from, to.Count > 0 ? to : null, plateau, resolution, within) : null;
    }

    private static Complaint? ReadResolution(string text, out double value) =>
        PercentText.Parse(text, out value) ?? (value is < 0.01 or > 0.5 ? new($"'{Shown.Of(text)}' is not from 1% to 50%", "Write a percentage such as 5%.") : null);
}
