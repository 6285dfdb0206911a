namespace Pressure.LoadGen.Importing;

/// <summary>Makes plans of other tools' files.</summary>
public static class Importer
{
    /// <summary>The formats with the names that <c>--from</c> takes.</summary>
    public static IReadOnlyDictionary<string, ImportFormat> Formats { get; } = new Dictionary<string, ImportFormat>
    {
        ["har"] = ImportFormat.Har,
        ["curl"] = ImportFormat.Curl,
        ["openapi"] = ImportFormat.OpenApi,
        ["postman"] = ImportFormat.Postman,
        ["urls"] = ImportFormat.Urls,
        ["log"] = ImportFormat.Log,
    };

    /// <summary>Imports a file. One that is missing or unreadable is a problem in the result, not an exception.</summary>
    public static ImportResult ImportFile(string path, ImportOptions options)
    {
        var scope = new ImportScope(path, options);
        try
        {
            using var file = File.OpenRead(path);
            return Import(file, scope);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            scope.Fail("there is no such file", "Check the path.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            scope.Fail(Directory.Exists(path) ? "this is a folder" : $"the file can't be read: {e.Message.TrimEnd('.')}", "Name a file that can be read.");
        }
        return Result(scope, options.From, null);
    }

    /// <summary>Imports what a stream holds; <paramref name="name"/> stands for it in messages.</summary>
    /// <exception cref="IOException">The stream can't be read.</exception>
    public static ImportResult Import(Stream stream, string name, ImportOptions options) => Import(stream, new ImportScope(name, options));

    private static ImportResult Import(Stream stream, ImportScope scope)
    {
        var format = scope.Options.From;
        try
        {
            var source = ImportSource.Open(stream);
            format ??= FormatSniffer.Recognise(source.Head);
            if (format is not { } known)
            {
                scope.Fail(source.Head.Length == 0 ? "it is empty" : "its format is not recognised", $"Say what it is: --from {string.Join(" | ", Formats.Keys)}.");
                return Result(scope, null, null);
            }
            var found = Read(known, source, scope);
            if (!scope.Failed && found.Requests.Count == 0)
                scope.Fail("it holds no request that can be taken", "See what was left out and why, or check --from.");
            return Result(scope, format, scope.Failed ? null : PlanBuilding.Build(found, scope));
        }
        catch (InvalidDataException e)
        {
            scope.Fail($"the gzip is damaged: {e.Message.TrimEnd('.')}", "Unpack it by hand and import what comes out.");
            return Result(scope, format, null);
        }
    }

    private static Found Read(ImportFormat format, ImportSource source, ImportScope scope)
    {
        if (format == ImportFormat.Log)
            return AccessLogReader.Read(source.All, scope);
        if (source.ReadText(scope) is not { } text)
            return Found.Nothing;
        return format switch
        {
            ImportFormat.Har => HarReader.Read(text, scope),
            ImportFormat.Curl => CurlReader.Read(text, scope),
            ImportFormat.OpenApi => OpenApiReader.Read(text, scope),
            ImportFormat.Postman => PostmanReader.Read(text, scope),
            ImportFormat.Urls => UrlListReader.Read(text, scope),
            _ => throw new NotSupportedException(format.ToString()),
        };
    }

    private static ImportResult Result(ImportScope scope, ImportFormat? format, (PlanDraft Draft, string Yaml)? made)
    {
        var name = format is { } known ? Formats.First(f => f.Value == known).Key : "";
        IReadOnlyList<TakenRequest> taken = made is null ? [] : [.. made.Value.Draft.Urls.Select(u => new TakenRequest(u.Name!, u.Method, u.Url!, decimal.Parse(u.Weight!)))];
        return new(scope.File, format, made is null ? null : PlanComment.Of(scope, name) + made.Value.Yaml, taken, scope.NotTaken, scope.Notes, scope.Problems);
    }
}
