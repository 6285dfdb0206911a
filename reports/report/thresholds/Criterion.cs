using System.Globalization;
using System.Text.RegularExpressions;

namespace Pressure.Reports;

/// <summary><c>aggregation operator value</c>; the value is in milliseconds for durations, 0 to 1 for shares, else as written.</summary>
internal sealed partial record Criterion(Aggregation Aggregation, string Operator, double Value)
{
    public bool Holds(double actual) => Operator switch
    {
        "<" => actual < Value,
        "<=" => actual <= Value,
        ">" => actual > Value,
        ">=" => actual >= Value,
        "!=" => !actual.Equals(Value),
        _ => actual.Equals(Value),
    };

    /// <summary>The value that is furthest towards breaking the criterion, or, if it is to come true for <paramref name="any"/>, towards fulfilling it.</summary>
    public Reading Decisive(IReadOnlyList<Reading> values, bool any)
    {
        var deciding = values.Where(v => Holds(v.Value) == any).ToList();
        var among = deciding.Count > 0 ? deciding : values;
        return Operator[0] == '<' == any ? among.MinBy(v => v.Value) : among.MaxBy(v => v.Value);
    }

    public static bool TryParse(string text, Metric metric, out Criterion? criterion, out string? error)
    {
        criterion = null;
        var match = Grammar().Match(text);
        if (!match.Success)
        {
            error = $"'{text.Trim()}' is not of the form 'aggregation operator value', such as {Example(metric)}";
            return false;
        }
        double? argument = match.Groups["n"].Success ? Number(match.Groups["n"].ValueSpan) : null;
        if (Aggregation.Parse(match.Groups["agg"].Value, argument, metric) is not { } aggregation)
        {
            error = $"'{metric.Name}' has no aggregation '{match.Groups["call"].Value.Trim()}'; it has {metric.Aggregations}";
            return false;
        }
        var unit = match.Groups["unit"].Value;
        if (Scale(unit, metric, aggregation) is not { } scale)
        {
            error = $"The unit '{unit}' does not fit '{metric.Name}'; write it as {Example(metric)}";
            return false;
        }
        // Divided, not multiplied, where the scale is a part: 1 % shall be the very double that 0.01 is.
        var value = Number(match.Groups["value"].ValueSpan);
        criterion = new Criterion(aggregation, match.Groups["op"].Value, scale < 1 ? value / Math.Round(1 / scale) : value * scale);
        error = double.IsFinite(criterion.Value) ? null : $"The value '{match.Groups["value"].Value}' is out of range";
        return error is null;
    }

    private static double Number(ReadOnlySpan<char> digits) => double.Parse(digits, CultureInfo.InvariantCulture);

    private static double? Scale(string unit, Metric metric, Aggregation aggregation) => (unit, metric, aggregation) switch
    {
        ("", _, _) => 1,
        ("us" or "µs", Metric.Trend or Metric.GcPause, _) => 0.001,
        ("ms", Metric.Trend or Metric.GcPause, _) => 1,
        ("s", Metric.Trend or Metric.GcPause, _) => 1_000,
        ("m", Metric.Trend or Metric.GcPause, _) => 60_000,
        ("h", Metric.Trend or Metric.GcPause, _) => 3_600_000,
        ("%", Metric.Share or Metric.RunShare or Metric.GcTime or Metric.Gauge { Plain: false }, _) => 0.01,
        ("/s", Metric.Counter or Metric.RunCounter or Metric.GcCount, Aggregation.Rate) => 1,
        _ => null,
    };

    private static string Example(Metric metric) => metric switch
    {
        Metric.Trend or Metric.GcPause => "'p(95) < 500ms'",
        Metric.Share or Metric.RunShare or Metric.GcTime => "'rate < 1%'",
        Metric.Gauge { Plain: true } => "'avg < 2'",
        Metric.Gauge => "'avg < 80%'",
        _ => "'count > 1000' or 'rate > 100'",
    };

    [GeneratedRegex("""
        ^\s* (?<call> (?<agg>[a-z]+) \s* (\( \s* (?<n>[0-9]{1,3}(\.[0-9]{1,6})?) \s* \))? ) \s*
        (?<op><=|>=|===|==|!=|<|>) \s*
        (?<value>-?[0-9]{1,15}(\.[0-9]{1,15})?([eE][+-]?[0-9]{1,3})?) \s* (?<unit>[a-zµ%/]*) \s*$
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant)]
    private static partial Regex Grammar();
}
