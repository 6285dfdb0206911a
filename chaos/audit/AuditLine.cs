using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pressure.Chaos;

/// <summary>A line of the audit log: what happened, chained to the line before.</summary>
/// <param name="Number">Its number, from 1.</param>
/// <param name="At">When.</param>
/// <param name="Entry">What.</param>
/// <param name="Previous">SHA-256 of the line before, 64 hex digits; zeros for the first.</param>
/// <param name="Hash">SHA-256 of this one without its own <c>hash</c>, which includes <paramref name="Previous"/>.</param>
public sealed record AuditLine(long Number, DateTimeOffset At, AuditEntry Entry, string Previous, string Hash)
{
    /// <summary>What stands before the first line.</summary>
    internal const string Genesis = "0000000000000000000000000000000000000000000000000000000000000000";

    private const string HashMember = ",\"hash\":\"";
    private const int LongestText = 4000;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Makes the next line's text, without line end.</summary>
    internal static (string Text, string Hash) Write(long number, DateTimeOffset at, AuditEntry entry, string previous)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteNumber("n", number);
            json.WriteString("at", at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ"));
            json.WriteString("who", Short(entry.Who));
            json.WriteString("what", Short(entry.What));
            json.WriteString("on", Short(entry.On));
            json.WriteString("outcome", Short(entry.Outcome));
            json.WriteString("detail", Short(entry.Detail));
            json.WriteString("previous", previous);
            json.WriteEndObject();
        }
        var content = Encoding.UTF8.GetString(buffer.ToArray());
        var hash = HashOf(content);
        return ($"{content[..^1]}{HashMember}{hash}\"}}", hash);
    }

    /// <summary>Reads a line; null, and why, if it is none or its content is not what its hash says.</summary>
    internal static AuditLine? Read(string text, out string why)
    {
        var at = text.LastIndexOf(HashMember, StringComparison.Ordinal);
        why = "it is no line of an audit log";
        if (at < 0 || text.Length != at + HashMember.Length + 64 + 2)
            return null;
        var hash = text.Substring(at + HashMember.Length, 64);
        if (HashOf(text[..at] + "}") != hash)
        {
            why = "its content is not what its hash says";
            return null;
        }
        try
        {
            var json = JsonNode.Parse(text)!.AsObject();
            AuditEntry entry = new(Text(json, "who"), Text(json, "what"), Text(json, "on"), Text(json, "outcome"), Text(json, "detail"));
            return new(json["n"]!.GetValue<long>(), DateTimeOffset.Parse(Text(json, "at")), entry, Text(json, "previous"), hash);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or NullReferenceException)
        {
            return null;
        }
    }

    private static string Text(JsonObject json, string name) => json[name]!.GetValue<string>();

    private static string Short(string text) => text.Length <= LongestText ? text : string.Concat(text.AsSpan(0, LongestText), "...");

    private static string HashOf(string content) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)));
}
