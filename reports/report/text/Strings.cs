using System.Globalization;
using System.Text.Json;

namespace Pressure.Reports;

/// <summary>The texts of one language, from one table: <c>strings.json</c> and, of workers, <c>workers.json</c>. Key to [English, Chinese].</summary>
internal sealed class Strings
{
    private static readonly Dictionary<string, string[]> Table = new(Load("strings.json").Concat(Load("workers.json")));
    private static readonly Strings English = new(ReportLanguage.En);
    private static readonly Strings Chinese = new(ReportLanguage.Zh);

    private Strings(ReportLanguage language) => Language = language;

    public static IReadOnlyDictionary<string, string[]> All => Table;

    public ReportLanguage Language { get; }

    public static Strings For(ReportLanguage language) => language == ReportLanguage.Zh ? Chinese : English;

    /// <summary>The text of a key.</summary>
    /// <exception cref="KeyNotFoundException">The table has no such key.</exception>
    public string this[string key] => Table.TryGetValue(key, out var texts)
        ? texts[(int)Language]
        : throw new KeyNotFoundException($"strings.json has no text '{key}'");

    /// <summary>The text of a key with {0}, {1}, ... filled in.</summary>
    public string Format(string key, params object[] arguments) => string.Format(CultureInfo.InvariantCulture, this[key], arguments);

    /// <summary>Whether the table has the key.</summary>
    public static bool Has(string key) => Table.ContainsKey(key);

    private static Dictionary<string, string[]> Load(string file)
    {
        using var table = typeof(Strings).Assembly.GetManifestResourceStream(file)!;
        return JsonSerializer.Deserialize<Dictionary<string, string[]>>(table)!;
    }
}
