using System.Text;
using Microsoft.AspNetCore.Http;
using Pressure.LoadGen;

namespace Pressure.Web.Api;

/// <summary>
/// Reads a plan from a request's body, YAML or JSON, within the size that the plan reader accepts. These content types are none that a
/// page of another site can send without the browser asking first.
/// </summary>
internal static class PlanBody
{
    public const string Accepted = "application/yaml or application/json";

    private static readonly string[] Types = ["application/yaml", "application/x-yaml", "text/yaml", "text/x-yaml", "application/json"];
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The text, or the problem to answer with.</summary>
    public static async Task<(string Text, IResult? Problem)> ReadAsync(HttpRequest request)
    {
        var type = request.ContentType?.Split(';')[0].Trim();
        if (!Types.Contains(type, StringComparer.OrdinalIgnoreCase))
            return ("", Problems.UnsupportedType(Accepted));
        if (request.ContentLength > PlanReader.MaxBytes)
            return ("", Problems.TooLarge(PlanReader.MaxBytes));
        using var bytes = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await request.Body.ReadAsync(buffer, request.HttpContext.RequestAborted)) > 0)
        {
            if (bytes.Length + read > PlanReader.MaxBytes)
                return ("", Problems.TooLarge(PlanReader.MaxBytes));
            bytes.Write(buffer, 0, read);
        }
        try
        {
            return (Strict.GetString(bytes.GetBuffer(), 0, (int)bytes.Length), null);
        }
        catch (DecoderFallbackException)
        {
            return ("", Problems.NotText());
        }
    }
}
