using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Pressure.Web.Api;

/// <summary>
/// Reads small JSON bodies by hand: binding by the framework would route by content type and answer others with 404. The type is none that a page of
/// another site can send without the browser asking first.
/// </summary>
internal static class JsonBody
{
    private const int Longest = 64 * 1024;
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { RespectNullableAnnotations = true };

    /// <summary>The value, or the problem to answer with.</summary>
    public static async Task<(T? Value, ProblemHttpResult? Problem)> ReadAsync<T>(HttpRequest request)
        where T : class
    {
        if (!request.HasJsonContentType())
            return (null, Problems.UnsupportedType("application/json"));
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = Longest;
        try
        {
            var value = await JsonSerializer.DeserializeAsync<T>(request.Body, Options, request.HttpContext.RequestAborted);
            return value is null ? (null, NotRight("The body is null.")) : (value, null);
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return (null, Problems.TooLarge(Longest));
        }
        catch (JsonException e)
        {
            return (null, NotRight(e.Message));
        }
    }

    private static ProblemHttpResult NotRight(string why) => Problems.InvalidInput(new Dictionary<string, string> { ["body"] = why });
}
