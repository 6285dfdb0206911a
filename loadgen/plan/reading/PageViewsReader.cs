namespace Pressure.LoadGen;

/// <summary>Reads <c>load.pv:</c>.</summary>
internal static class PageViewsReader
{
    private const double MostViews = 1e12;
    private static readonly TimeSpan WholeDay = TimeSpan.FromHours(24);

    public static PageViews? Read(PlanNode node, string path, ProblemList problems)
    {
        if (FieldReader.Open(node, path, PlanKeys.PageViews, problems) is not { } fields)
            return null;
        fields.Required("perDay", "Write the page views of a day, such as perDay: 3000000.");
        var day = fields.Read("day", PlainText.Duration(TimeSpan.FromSeconds(1), WholeDay), WholeDay);
        var views = new PageViews
        {
            PerDay = fields.Read<double>("perDay", ReadPerDay, 0),
            Share = fields.Read("share", PercentText.Parse, 0.8),
            Day = day,
            Window = fields.Read("window", WindowOf(day), 0.2),
            RequestsPerPage = (double)fields.Read("requestsPerPage", PlainText.Number(0, 10_000), 1),
            Event = (double)fields.Read("event", PlainText.Number(0, 10_000), 1),
            PerMachine = fields.Has("perMachine") ? fields.Read<double>("perMachine", ReadPerMachine, 1) : null,
        };
        if (views.PerDay <= 0)
            return null;
        if (views.Derive().TargetQps is var qps and > PlanLimits.HighestRate)
        {
            fields.Report($"come to {qps:N0} requests per second, more than {PlanLimits.HighestRate:N0}", "Check perDay, window, requestsPerPage and event.");
            return null;
        }
        return views;
    }

    private static Complaint? ReadPerDay(string text, out double value)
    {
        if (AmountText.Parse(text, out value) is { } complaint)
            return complaint;
        if (value is > 0 and <= MostViews)
            return null;
        value = 0;
        return new($"'{Shown.Of(text)}' is not above 0 and up to {MostViews:N0}", "Write the page views of a day, such as 3000000.");
    }

    /// <summary>A share of the day, or a time within it.</summary>
    private static ValueReader<double> WindowOf(TimeSpan day) => (string text, out double value) =>
    {
        value = 0.2;
        var share = value;
        Complaint? complaint;
        if (text.Contains('%'))
        {
            complaint = PercentText.Parse(text, out share);
        }
        else
        {
            complaint = DurationText.Parse(text, out var time);
            share = time / day;
        }
        if (complaint is not null)
            return complaint with { Remedy = "Write a share of the day such as 20%, or a time such as 9h." };
        if (share > 1 || share * day.TotalSeconds < 1)
            return new($"{Shown.Of(text)} is not from one second to the whole day", "Write a share of the day such as 20%, or a time such as 9h.");
        value = share;
        return null;
    };

    /// <summary>Requests per second, with or without saying so.</summary>
    private static Complaint? ReadPerMachine(string text, out double value)
    {
        var complaint = RateText.ParsePositive(NumberText.TryParse(text, out _) ? $"{text}/s" : text, out var rate);
        value = complaint is null ? rate.PerSecond : 1;
        return complaint ?? (value < 0.01 ? new($"{Shown.Of(text)} is less than one request in 100 seconds", "Write what one machine carries, such as 58/s.") : null);
    }
}
