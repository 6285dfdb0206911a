using System.Text.Json;

namespace Pressure.Reports;

/// <summary>The static files that reports embed and the web service serves: <c>charts.js</c>, <c>echarts.min.js</c>, <c>tokens.css</c>, <c>report.css</c>, <c>report.js</c>.</summary>
public static class ReportAssets
{
    /// <summary>Every file that <see cref="Open"/> knows.</summary>
    public static IReadOnlyList<string> Names { get; } = ["charts.js", "echarts.min.js", "tokens.css", "report.css", "report.js"];

    /// <summary>Opens a file. <c>charts.js</c> comes with its labels in every language ahead of it, out of the one strings table.</summary>
    /// <exception cref="FileNotFoundException">There is no such asset.</exception>
    public static Stream Open(string name)
    {
        if (!Names.Contains(name))
            throw new FileNotFoundException($"There is no asset '{name}'; there are {string.Join(", ", Names)}", name);
        var file = typeof(ReportAssets).Assembly.GetManifestResourceStream(name)!;
        if (name != "charts.js")
            return file;
        var whole = new MemoryStream();
        using (file)
        {
            whole.Write(ChartLabels());
            file.CopyTo(whole);
        }
        whole.Position = 0;
        return whole;
    }

    /// <summary>An asset as text.</summary>
    /// <exception cref="FileNotFoundException">There is no such asset.</exception>
    public static string Read(string name)
    {
        using var reader = new StreamReader(Open(name));
        return reader.ReadToEnd();
    }

    private static ReadOnlySpan<byte> ChartLabels()
    {
        const string prefix = "chart.";
        Dictionary<string, string> In(ReportLanguage language) => Strings.All
            .Where(t => t.Key.StartsWith(prefix, StringComparison.Ordinal))
            .ToDictionary(t => t.Key[prefix.Length..], t => t.Value[(int)language]);
        var labels = new { en = In(ReportLanguage.En), zh = In(ReportLanguage.Zh) };
        return System.Text.Encoding.UTF8.GetBytes($"globalThis.PressureChartLabels = {JsonSerializer.Serialize(labels, ReportJson.Compact)};\n");
    }
}
