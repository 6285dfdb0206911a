using System.Collections.Frozen;

namespace Pressure.LoadGen.Importing;

/// <summary>Tells files that servers hand out unchanged from pages, by the extension.</summary>
internal static class StaticFiles
{
    private static readonly FrozenSet<string> Static = FrozenSet.ToFrozenSet(
        [
            "css", "js", "mjs", "map", "png", "jpg", "jpeg", "gif", "svg", "webp", "avif", "ico", "bmp", "woff", "woff2", "ttf", "otf", "eot",
            "mp4", "webm", "mp3", "ogg", "wav", "m4a", "m3u8", "ts", "pdf", "zip", "gz", "txt", "xml", "webmanifest", "wasm",
        ], StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> Pages = FrozenSet.ToFrozenSet(
        ["html", "htm", "xhtml", "shtml", "php", "asp", "aspx", "jsp", "jspx", "do", "action", "cgi", "cfm"], StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> StaticSpans = Static.GetAlternateLookup<ReadOnlySpan<char>>();
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> PageSpans = Pages.GetAlternateLookup<ReadOnlySpan<char>>();

    public static bool IsStatic(ReadOnlySpan<char> pathAndQuery) => StaticSpans.Contains(ExtensionOf(PathOf(pathAndQuery)));

    /// <summary>
    /// Whether a path looks like a page that a person opens: no extension or that of a page, and not below <c>/api/</c>,
    /// <c>/rest/</c>, <c>/graphql</c> or <c>/static/</c>.
    /// </summary>
    public static bool IsPage(ReadOnlySpan<char> pathAndQuery)
    {
        var path = PathOf(pathAndQuery);
        var extension = ExtensionOf(path);
        return (extension.IsEmpty || PageSpans.Contains(extension))
            && !Below(path, "/api") && !Below(path, "/rest") && !Below(path, "/graphql") && !Below(path, "/static");
    }

    private static bool Below(ReadOnlySpan<char> path, string folder) =>
        path.StartsWith(folder, StringComparison.OrdinalIgnoreCase) && (path.Length == folder.Length || path[folder.Length] == '/');

    private static ReadOnlySpan<char> PathOf(ReadOnlySpan<char> pathAndQuery) =>
        pathAndQuery.IndexOf('?') is >= 0 and var at ? pathAndQuery[..at] : pathAndQuery;

    private static ReadOnlySpan<char> ExtensionOf(ReadOnlySpan<char> path)
    {
        var name = path[(path.LastIndexOf('/') + 1)..];
        var dot = name.LastIndexOf('.');
        return dot <= 0 ? [] : name[(dot + 1)..];
    }
}
