using Pressure.Web.Watch;

namespace Pressure.Web.Tests.Watch;

public sealed class WatchStateTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 21, 0, 0, 0, TimeSpan.Zero);

    /// <summary>w: well, u: unhealthy, s: silent, D: died; one look a second.</summary>
    [Theory]
    [InlineData("wwww", "")]
    [InlineData("wuuwuuw", "")]
    [InlineData("wuuu", "3 unhealthy since 1")]
    [InlineData("wuuuuuuu", "3 unhealthy since 1")]
    [InlineData("wssuuu", "3 unhealthy since 1")]
    [InlineData("sssw", "2 silent since 0, 3 recovered since 0")]
    [InlineData("ssswssswD", "2 silent since 0, 3 recovered since 0, 6 silent since 4, 7 recovered since 4, 8 died since 8")]
    [InlineData("wD", "1 died since 1")]
    [InlineData("sssD", "2 silent since 0, 3 died since 3")]
    public void It_is_told_after_three_bad_looks_in_a_row_once_and_when_it_is_over(string looks, string told)
    {
        var state = new WatchState(failures: 3);
        var notices = new List<string>();
        for (var i = 0; i < looks.Length; i++)
        {
            WatchFinding finding = looks[i] switch { 'w' => new WatchFinding.Well(), 'u' => new WatchFinding.Unhealthy("x"), 's' => new WatchFinding.Silent("x"), _ => new WatchFinding.Died() };
            if (state.After(finding, Start.AddSeconds(i)) is { } notice)
                notices.Add($"{i} {notice.Event} since {(notice.Since - Start).TotalSeconds:0}");
        }

        Assert.Equal(told, string.Join(", ", notices));
    }
}
