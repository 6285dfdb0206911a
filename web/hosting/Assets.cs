using System.Collections.Frozen;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Pressure.Reports;

namespace Pressure.Web.Hosting;

/// <summary>Scripts and styles: ours, and those that pages and reports share. All come out of the assemblies.</summary>
internal static class Assets
{
    private static readonly FrozenDictionary<string, Asset> Known = Load();

    public static void Map(WebApplication app) => app.MapGet("/assets/{name}", (string name, HttpContext context) =>
    {
        if (!Known.TryGetValue(name, out var asset))
            return Results.NotFound();
        context.Response.Headers.CacheControl = "no-cache";
        return Results.Bytes(asset.Bytes, asset.Type, entityTag: asset.Tag);
    }).ExcludeFromDescription();

    private static FrozenDictionary<string, Asset> Load()
    {
        string[] own = ["app.css", "app.js", "new.js", "live.js", "agents.js", "chaos.css", "chaos.js", "experiment.js", "icon.svg"];
        string[] shared = ["tokens.css", "charts.js", "echarts.min.js"];
        var files = own.Select(name => (name, bytes: EmbeddedFiles.Read(name))).Concat(shared.Select(name => (name, bytes: ReadShared(name))));
        return files.ToFrozenDictionary(f => f.name, f => new Asset(f.bytes, TypeOf(f.name), TagOf(f.bytes)));
    }

    private static byte[] ReadShared(string name)
    {
        using var stream = ReportAssets.Open(name);
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        _ => "image/svg+xml",
    };

    private static EntityTagHeaderValue TagOf(byte[] bytes) => new($"\"{Convert.ToHexStringLower(SHA256.HashData(bytes))[..16]}\"");

    private sealed record Asset(byte[] Bytes, string Type, EntityTagHeaderValue Tag);
}
