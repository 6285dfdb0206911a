namespace Pressure.LoadGen;

/// <summary>How fast a capture is replayed: <c>2x</c>, <c>0.5x</c>, <c>max</c>.</summary>
internal static class SpeedText
{
    private const double Slowest = 0.001;
    private const double Fastest = 1000;

    public static Complaint? Parse(string text, out double value)
    {
        value = double.PositiveInfinity;
        var trimmed = text.AsSpan().Trim();
        if (trimmed.SequenceEqual("max"))
            return null;
        if (!NumberText.TryParse(trimmed.TrimEnd('x'), out var times))
            return new($"'{Shown.Of(text)}' is no speed", "Write how many times as fast as captured, such as 2x or 0.5x, or max.");
        value = (double)times;
        return value is < Slowest or > Fastest ? new($"'{Shown.Of(text)}' is not from {Slowest}x to {Fastest}x", "Write such a speed, or max for as fast as the target answers.") : null;
    }
}
