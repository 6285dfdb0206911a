namespace Pressure.LoadGen;

/// <summary>Numbers of users: <c>200</c>; ramps: <c>0 -> 200</c>.</summary>
internal static class UsersText
{
    private static readonly string[] Arrows = ["->", "→"];

    /// <summary>A number that stays, or one that goes to another.</summary>
    public static Complaint? ParseRamp(string text, out (int From, int To) value)
    {
        value = default;
        var parts = text.Split(Arrows, StringSplitOptions.None);
        if (parts.Length > 2)
            return new($"'{Shown.Of(text)}' has more than one arrow", "Write one stage for each change: 0 -> 200.");
        var complaint = Parse(parts[0], out var from) ?? Parse(parts[^1], out value.To);
        value.From = from;
        return complaint;
    }

    /// <summary>A number above zero.</summary>
    public static Complaint? ParsePositive(string text, out int value) =>
        Parse(text, out value) ?? (value == 0 ? new("there are no users", "Write a number above zero, such as 200.") : null);

    private static Complaint? Parse(string text, out int value)
    {
        value = 0;
        if (!NumberText.TryParse(text, out var number) || number < 0 || number > PlanLimits.MostUsers || number != decimal.Truncate(number))
            return new($"'{Shown.Of(text)}' is not a whole number from 0 to {PlanLimits.MostUsers:N0}", "Write such a number, such as 200.");
        value = (int)number;
        return null;
    }
}
