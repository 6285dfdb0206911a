using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;

namespace Pressure.Reports;

/// <summary>The JSON of summaries, live points and charts: camel case, enums in kebab case (<c>no-criteria</c>).</summary>
public static class ReportJson
{
    /// <summary>On one line. Safe inside an HTML script element: <c>&lt;</c>, <c>&gt;</c>, <c>&amp;</c> and quotes within strings are escaped.</summary>
    public static JsonSerializerOptions Compact { get; } = Options(indented: false);

    /// <summary>Indented, for files.</summary>
    public static JsonSerializerOptions Indented { get; } = Options(indented: true);

    private static JsonSerializerOptions Options(bool indented)
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            WriteIndented = indented,
            NumberHandling = JsonNumberHandling.Strict,
            Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
            Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
        };
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
