using Microsoft.AspNetCore.OpenApi;

namespace Pressure.Web.Api;

/// <summary>The head of <c>/openapi/v1.json</c>.</summary>
internal static class OpenApiDescription
{
    public static void Configure(OpenApiOptions options) => options.AddDocumentTransformer((document, _, _) =>
    {
        document.Info.Title = "Pressure";
        document.Info.Description = "Start pressure tests, follow them, fetch their reports. Errors are RFC 9457 problem details.";
        return Task.CompletedTask;
    });
}
