namespace Pressure.LoadGen.Importing;

/// <summary>What plans are imported from.</summary>
public enum ImportFormat
{
    /// <summary>HTTP Archive 1.1 or 1.2, as browsers and proxies save it.</summary>
    Har,

    /// <summary>One curl command, or a file of them.</summary>
    Curl,

    /// <summary>OpenAPI 3.0 or 3.1, JSON or YAML.</summary>
    OpenApi,

    /// <summary>Postman collection v2.0 or v2.1.</summary>
    Postman,

    /// <summary>Lines such as <c>URL</c>, <c>METHOD URL</c>, <c>METHOD URL WEIGHT</c>.</summary>
    Urls,

    /// <summary>Access log of nginx or Apache, common or combined.</summary>
    Log,
}
