using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

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

    /// <summary>
    /// Says that the body is a plan. (The metadata made for this would also route by content type, and answer others with 404.)
    /// </summary>
    public static Task PlanBody(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken stop) => Body(operation, "A plan, see docs/plan.md.");

    /// <summary>The same for an experiment.</summary>
    public static Task ExperimentBody(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken stop) => Body(operation, "An experiment, see docs/chaos.md.");

    /// <summary>The same for a monkey.</summary>
    public static Task MonkeyBody(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken stop) => Body(operation, "A monkey's plan, see docs/guards.md.");

    /// <summary>The same for the guards' limits.</summary>
    public static Task LimitsBody(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken stop) => Body(operation, "The guards' limits, see docs/guards.md.");

    private static Task Body(OpenApiOperation operation, string description)
    {
        operation.RequestBody = new OpenApiRequestBody
        {
            Required = true,
            Description = description,
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["application/yaml"] = new() { Schema = new OpenApiSchema { Type = JsonSchemaType.String } },
                ["application/json"] = new() { Schema = new OpenApiSchema { Type = JsonSchemaType.Object } },
            },
        };
        return Task.CompletedTask;
    }
}
