using System.Collections.Frozen;
using System.Text.Json;
using Pressure.Reports;
using Pressure.Web.Hosting;

namespace Pressure.Web.Language;

/// <summary>
/// What pages say, in one language. All texts stand in one table, <c>texts.json</c> and, of chaos, <c>chaos.json</c>: <c>"key": ["English", "Chinese"]</c>.
/// </summary>
internal sealed class Texts
{
    private static readonly Dictionary<string, string[]> Table = new(Read("texts.json").Concat(Read("chaos.json")));

    private readonly FrozenDictionary<string, string> _texts;

    private Texts(ReportLanguage language)
    {
        Language = language;
        _texts = Table.ToFrozenDictionary(t => t.Key, t => t.Value[(int)language]);
    }

    public static Texts En { get; } = new(ReportLanguage.En);

    public static Texts Zh { get; } = new(ReportLanguage.Zh);

    public ReportLanguage Language { get; }

    /// <summary><c>en</c> or <c>zh</c>, as in <c>?lang=</c>.</summary>
    public string Code => Language == ReportLanguage.Zh ? "zh" : "en";

    /// <summary>The value of the page's <c>lang</c> attribute.</summary>
    public string HtmlLang => Language == ReportLanguage.Zh ? "zh-CN" : "en";

    /// <summary>The other language, for the toggle.</summary>
    public Texts Other => Language == ReportLanguage.Zh ? En : Zh;

    public IEnumerable<string> Keys => _texts.Keys;

    /// <summary>A text. A key that isn't there is a mistake of ours.</summary>
    public string this[string key] => _texts.TryGetValue(key, out var text) ? text : throw new KeyNotFoundException($"texts.json has no \"{key}\".");

    /// <summary>A text with values in its places <c>{0}</c>, <c>{1}</c>, ...</summary>
    public string With(string key, params object?[] values) => string.Format(null, this[key], values);

    /// <summary>A text of the table, or <paramref name="fallback"/> when the table has none.</summary>
    public string Or(string key, string fallback) => _texts.GetValueOrDefault(key, fallback);

    public bool Has(string key) => _texts.ContainsKey(key);

    public static Texts Of(ReportLanguage language) => language == ReportLanguage.Zh ? Zh : En;

    private static Dictionary<string, string[]> Read(string file) => JsonSerializer.Deserialize<Dictionary<string, string[]>>(EmbeddedFiles.Read(file))!;

    /// <summary>The language with this code; null for any other.</summary>
    public static Texts? ByCode(string? code) => code switch
    {
        "en" => En,
        "zh" => Zh,
        _ => null,
    };
}
