using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Pressure.Web.Access;

/// <summary>On the agents' port: <c>GET /install.sh</c> and the programs that it fetches, which agents fetch too when they are upgraded.</summary>
internal static class ReleaseEndpoints
{
    /// <param name="app">The agents' port.</param>
    /// <param name="files">The programs.</param>
    /// <param name="pin">SHA-256 of the service's key in base64, as curl wants it.</param>
    public static void Map(WebApplication app, AgentFiles files, string pin)
    {
        app.MapGet("/install.sh", (HttpContext context) =>
        {
            // The address by which this host reached us is the one by which it will reach us again.
            if (!Uri.TryCreate($"https://{context.Request.Host}", UriKind.Absolute, out var server) || !InstallScript.Takes(server))
                return Results.Text("The Host header is no host.\n", statusCode: StatusCodes.Status400BadRequest);
            return Results.Text(InstallScript.Write(server, pin, files.All), "text/x-shellscript");
        });
        app.MapGet("/agent/{rid}/pressure-agent", (string rid) => files.Find(rid) is { } file
            ? Results.File(file.Path, "application/octet-stream")
            : Results.Text("There is no agent for this platform: run build/agent.sh where the service runs.\n", statusCode: StatusCodes.Status404NotFound));
    }
}
