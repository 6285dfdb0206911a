namespace Pressure.LoadGen;

/// <summary>Reads <c>load.users</c>: a number, or stages of numbers.</summary>
internal static class UsersReader
{
    private const string Remedy = "Write users: 200, or stages such as [ { users: 0 -> 200, over: 30s } ].";

    /// <summary>The stages; one of <paramref name="duration"/> when a number is given. Null after reporting.</summary>
    public static Load.Users? Read(PlanNode node, string path, TimeSpan duration, ProblemList problems)
    {
        if (node is PlanNode.Scalar)
            return ScalarReader.TryRead<int>(node, path, UsersText.ParsePositive, problems, out var users) ? new([new(users, users, duration)]) : null;
        var items = ScalarReader.Items(node, path, LoadReader.MostStages, Remedy, problems);
        var stages = items.Select((item, i) => ReadStage(item, $"{path}[{i}]", problems)).ToList();
        if (stages.Count == 0 || stages.Contains(null))
            return null;
        if (stages.TrueForAll(s => s!.From + s.To == 0))
            problems.Add(node, path, "never has a user", "Give a stage with users above zero.");
        return new(stages!);
    }

    private static UserStage? ReadStage(PlanNode node, string path, ProblemList problems)
    {
        if (FieldReader.Open(node, path, PlanKeys.UserStage, problems) is not { } fields)
            return null;
        fields.Required("users", "Write users: 200, or users: 0 -> 200.");
        fields.Required("over", "Write how long the stage lasts, such as over: 2m.");
        var (from, to) = fields.Read("users", UsersText.ParseRamp, (-1, -1));
        var over = fields.Read("over", PlainText.Duration(LoadReader.Shortest, PlanLimits.LongestDuration), TimeSpan.Zero);
        return from >= 0 && over > TimeSpan.Zero ? new(from, to, over) : null;
    }
}
