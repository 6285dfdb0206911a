using System.Security.Cryptography;
using System.Text;
using Pressure.LoadGen.Engine;

namespace Pressure.LoadGen;

/// <summary>Reads <c>multipart:</c>, a form with files (RFC 7578), under a boundary that nobody can guess, so that no value can hold it.</summary>
internal static class MultipartReader
{
    private const int MostParts = 100;
    private const string Remedy = "Write multipart such as [ { name: title, value: tea }, { name: photo, file: photo.jpg } ].";

    /// <summary>The body, and its Content-Type into the headers; null after reporting.</summary>
    public static RequestBody? Read(FieldReader step, List<KeyValuePair<string, string>> headers, string? folder, TemplateNames names)
    {
        if (headers.Exists(BodyReader.IsContentType))
            step.Report("multipart", "stands beside a Content-Type header, which lacks its boundary", "Remove the header.");
        var path = step.PathTo("multipart");
        var items = ScalarReader.Items(step["multipart"], path, MostParts, Remedy, step.Problems);
        var boundary = "----Pressure" + RandomNumberGenerator.GetHexString(24, lowercase: true);
        var parts = new List<RequestBody>();
        for (var i = 0; i < items.Count; i++)
        {
            if (FieldReader.Open(items[i], $"{path}[{i}]", PlanKeys.Part, step.Problems) is not { } fields || ReadContent(fields, folder, names) is not { } content)
                continue;
            parts.Add(Text($"--{boundary}\r\n", Escape.None, names));
            AddHead(fields, parts, names);
            parts.Add(content);
            parts.Add(Text("\r\n", Escape.None, names));
        }
        if (parts.Count == 0)
            return null;
        headers.Add(new("Content-Type", $"multipart/form-data; boundary={boundary}"));
        parts.Add(Text($"--{boundary}--\r\n", Escape.None, names));
        var body = new RequestBody(parts.SelectMany(p => p.Bytes.ToArray()).ToArray(), Template.Join(parts.Select(p => p.Template)));
        if (body.Bytes.Length > PartFile.MaxBytes)
            step.Report("multipart", $"is larger than {PartFile.MaxBytes / (1024 * 1024)} MiB together", "Send smaller files.");
        return body;
    }

    private static void AddHead(FieldReader fields, List<RequestBody> parts, TemplateNames names)
    {
        fields.Required("name", "Name the part, such as name: photo.");
        var file = fields.Read<string>("file", PlainText.Any, "");
        var fileName = fields.Read<string>("filename", PlainText.Any, Path.GetFileName(file));
        var type = fields.Read<string>("type", HeaderReader.ParseValue, file.Length > 0 ? "application/octet-stream" : "");
        parts.Add(Quoted("Content-Disposition: form-data; name=", fields.Read<string>("name", PlainText.Any, ""), names));
        if (fileName.Length > 0)
            parts.Add(Quoted("; filename=", fileName, names));
        parts.Add(Text((type.Length > 0 ? $"\r\nContent-Type: {type}" : "") + "\r\n\r\n", Escape.None, names));
    }

    private static RequestBody? ReadContent(FieldReader fields, string? folder, TemplateNames names)
    {
        if (fields.Has("value") == fields.Has("file"))
        {
            fields.Report(fields.Has("file") ? "has both a value and a file" : "has neither a value nor a file", Remedy);
            return null;
        }
        if (fields.Has("value"))
            return Text(fields.Read<string>("value", PlainText.Any, ""), Escape.None, names);
        var file = fields.Read<string>("file", PlainText.Any, "");
        return PartFile.Read(fields, file, folder) is { } bytes ? new(bytes, Template.Literal(bytes)) : null;
    }

    // As browsers write them: what would end the quoted text or the line is percent-encoded, all else is UTF-8.
    private static RequestBody Quoted(string before, string text, TemplateNames names)
    {
        var safe = text.Replace("\"", "%22", StringComparison.Ordinal).Replace("\r", "%0D", StringComparison.Ordinal).Replace("\n", "%0A", StringComparison.Ordinal);
        var quoted = Text(safe, Escape.Quoted, names);
        return Joined([Text($"{before}\"", Escape.None, names), quoted, Text("\"", Escape.None, names)]);
    }

    private static RequestBody Text(string text, Escape escape, TemplateNames names) => new(Encoding.UTF8.GetBytes(text), Template.Parse(text, escape, names));

    private static RequestBody Joined(RequestBody[] parts) => new(parts.SelectMany(p => p.Bytes.ToArray()).ToArray(), Template.Join(parts.Select(p => p.Template)));
}
