namespace Pressure.LoadGen.Importing;

/// <summary>What is asked of an import.</summary>
public sealed record ImportOptions
{
    /// <summary>The format; null to recognise it by the content.</summary>
    public ImportFormat? From { get; init; }

    /// <summary>Base URL for the plan; null for the source's own host.</summary>
    public string? Target { get; init; }

    /// <summary>Name for the plan; null for the source's own title or file name.</summary>
    public string? Name { get; init; }

    /// <summary>Host (<c>shop.test</c> or <c>shop.test:8080</c>) whose requests are taken; null for the one with most of them, static files not counted.</summary>
    public string? Host { get; init; }

    /// <summary>Leave out pictures, scripts, style sheets, fonts and the like.</summary>
    public bool NoStatic { get; init; }

    /// <summary>OpenAPI: take methods other than GET and HEAD too.</summary>
    public bool AllMethods { get; init; }

    /// <summary>Write credentials and tokens into the plan as they are.</summary>
    public bool KeepSecrets { get; init; }

    /// <summary>Logs: ask for the rate of the busiest second in place of the busiest hour's.</summary>
    public bool Peak { get; init; }
}
