using Pressure.LoadGen;

namespace Pressure.Web.Forms;

/// <summary>One URL row as a scenario of one step.</summary>
internal static class UrlOfForm
{
    public static UrlDraft Draft(TestForm form, int key)
    {
        string Of(string name) => form[TestForm.Url(key, name)];
        var body = Of("body").ReplaceLineEndings("\n");
        var asForm = Of("bodyKind") == "form";
        return new UrlDraft
        {
            Weight = Of("weight"),
            Method = Of("method").Trim(),
            Url = Of("path").Trim(),
            Query = Pairs(Of("parameters"), '='),
            Headers = Pairs(Of("headers"), ':'),
            Body = asForm ? null : body,
            BodyKind = Of("bodyKind") == "json" ? BodyKind.Json : BodyKind.Text,
            Form = asForm ? Pairs(body, '=') : [],
            Status = string.Join(',', Of("expect").Split([',', ' '], StringSplitOptions.RemoveEmptyEntries)),
        };
    }

    private static List<KeyValuePair<string, string>> Pairs(string text, char separator) =>
        [.. Lines.Pairs(text, separator).Select(p => KeyValuePair.Create(p.Name, p.Value))];
}
