namespace Pressure.Reports.Tests;

public class ReportAssetsTests
{
    [Fact]
    public void Every_asset_opens()
    {
        foreach (var name in ReportAssets.Names)
        {
            using var asset = ReportAssets.Open(name);
            Assert.True(asset.Length > 500, name);
        }
    }

    [Fact]
    public void An_unknown_asset_is_refused() => Assert.Throws<FileNotFoundException>(() => ReportAssets.Open("../secrets"));

    [Fact]
    public void Charts_come_with_their_labels_in_both_languages()
    {
        var charts = ReportAssets.Read("charts.js");
        Assert.StartsWith("globalThis.PressureChartLabels = {\"en\":{", charts, StringComparison.Ordinal);
        Assert.Contains("在途请求", charts, StringComparison.Ordinal);
    }
}
