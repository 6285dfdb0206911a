namespace Pressure.Reports;

/// <summary>At one glance, on the first page: how faithful a replay was, and whether the answers agree.</summary>
internal static class ReplayLine
{
    public static Html Render(ReportModel model) => model.Summary is { Replay: null, Differences: null } ? Html.Empty : Html.Of($"""
        <ul class="struck">{Replay(model)}{Differences(model)}</ul>
        """);

    private static Html Replay(ReportModel model) => model.Summary.Replay is not { } replay ? Html.Empty : Html.Of($"""
        <li>{ReplaySentences.Sent(replay).In(model.Language)} {Timing(replay, model)}</li>
        """);

    public static Html Timing(ReplaySummary replay, ReportModel model) => ReplaySentences.IsTimingKept(replay) switch
    {
        true => Chip("ok", "✓ " + model["replay.kept"]),
        false => Chip("warn", "! " + model["replay.notKept"]),
        _ => Html.Empty,
    };

    private static Html Differences(ReportModel model) => model.Summary.Differences is not { } found ? Html.Empty : Html.Of($"""
        <li>{DifferenceSentences.Same(found).In(model.Language)} {Fields(found, model.Text)}</li>
        """);

    public static Html Fields(DifferenceSummary found, Strings text) => DifferenceSentences.Fields(found) is { } fields ? Chip("bad", "✗ " + fields.In(text.Language))
        : found.Compared > 0 ? Chip("ok", "✓ " + text["differences.none"])
        : Html.Empty;

    private static Html Chip(string tone, string text) => Html.Of($"""<span class="chip {tone}">{text}</span>""");
}
