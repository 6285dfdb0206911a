using System.Globalization;

namespace Pressure.Striker;

/// <summary>Times until nothing was left, and how often something was.</summary>
internal sealed class Figures
{
    /// <summary>
    /// Tests ask whether anything is left, however long a busy machine takes over it; only the bench, on a machine of its own, holds the times against their goals.
    /// </summary>
    private static readonly double Slack = double.Parse(Environment.GetEnvironmentVariable("STRIKER_SLACK") ?? "1", CultureInfo.InvariantCulture);

    private readonly List<TimeSpan> _times = [];
    private readonly List<string> _left = [];

    public int LeftOver { get; private set; }

    public void Add(Cleaning cleaning)
    {
        if (cleaning.Took is { } clean)
        {
            _times.Add(clean);
            return;
        }
        LeftOver += Math.Max(1, Math.Max(cleaning.Left.Count, cleaning.Intents));
        _left.AddRange(cleaning.Left);
    }

    public void Add(TimeSpan time) => _times.Add(time);

    public TimeSpan At(double share) => _times.Count == 0 ? TimeSpan.Zero : _times.Order().ElementAt((int)Math.Ceiling(share * _times.Count) - 1);

    /// <summary>Whether nothing was left, and that share of the times is within the goal.</summary>
    public bool Reached(double share, TimeSpan goal) => LeftOver == 0 && At(share) <= goal * Slack;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{_times.Count,5} rounds  left over {LeftOver,3}  p50 {At(0.5).TotalMilliseconds,6:0} ms  p99 {At(0.99).TotalMilliseconds,6:0} ms  max {At(1).TotalMilliseconds,6:0} ms{(_left.Count > 0 ? $"  ({string.Join(", ", _left)})" : "")}");
}
