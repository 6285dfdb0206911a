using System.Text;

namespace Pressure.Reports.Export;

/// <summary>
/// A place that points are sent to, as written on the command line: <c>influx=http://host:8086/write?db=pressure</c>,
/// <c>influx=http://host:8086/api/v2/write?org=o&amp;bucket=b</c>, <c>otlp=http://host:4318</c>, <c>otlp-grpc=http://host:4317</c>.
/// </summary>
/// <remarks>Secrets never stand in it, since everybody on a machine sees command lines: they come from the environment or a file.</remarks>
public sealed class ExportTarget
{
    private static readonly string[] Secrets = ["p", "password", "token", "access_token", "api_key", "apikey", "key", "u"];

    private readonly Uri _url;
    private readonly (string Name, string Value)? _header;

    private ExportTarget(ExportKind kind, Uri url, (string, string)? header) => (Kind, _url, _header) = (kind, url, header);

    /// <summary>What is spoken there.</summary>
    public ExportKind Kind { get; }

    /// <summary>Kind and address, without path and query.</summary>
    public string Name => $"{NameOf(Kind)} {_url.GetLeftPart(UriPartial.Authority)}";

    /// <summary>Reads what is written on the command line.</summary>
    /// <param name="written">Kind, <c>=</c> and URL.</param>
    /// <param name="secretOf">
    /// The secret in a variable (<see cref="VariableOf"/>), null if there is none: a token, <c>user:password</c> for Influx 1.x, or a whole
    /// header <c>Name: value</c>.
    /// </param>
    /// <returns>The target, or what is wrong with it and what to write instead.</returns>
    public static (ExportTarget? Target, string? Problem) Parse(string written, Func<string, string?> secretOf)
    {
        var at = written.IndexOf('=', StringComparison.Ordinal);
        if (KindOf(at < 0 ? written : written[..at]) is not { } kind || at < 0)
            return (null, $"--export {written}: write influx=URL, otlp=URL or otlp-grpc=URL, e.g. influx=http://localhost:8086/write?db=pressure.");
        if (!Uri.TryCreate(written[(at + 1)..], UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
            return (null, $"--export {NameOf(kind)}: {written[(at + 1)..]} is no address. Write http://HOST:PORT/PATH or https://HOST:PORT/PATH.");
        if (SecretIn(url) is { } secret)
            return (null, $"--export {NameOf(kind)}: everybody on this machine sees command lines. Take {secret} out of the address and put it into the environment variable {VariableOf(kind)}, or into a file named by {VariableOf(kind)}_FILE.");
        url = new UriBuilder(url) { Fragment = "" }.Uri;
        // The port that OpenTelemetry's collectors speak gRPC on.
        if (kind == ExportKind.Otlp && url is { Port: 4317, AbsolutePath: "/" })
            kind = ExportKind.OtlpGrpc;
        if (kind == ExportKind.Influx && InfluxProblem(url) is { } problem)
            return (null, problem);
        (string, string)? header = secretOf(VariableOf(kind)) is { Length: > 0 } given ? HeaderOf(kind, url, given) : null;
        if (header is var (name, value) && (name.Length == 0 || name.Any(c => !char.IsAsciiLetterOrDigit(c) && c != '-') || value.Any(c => c is < ' ' or > '~')))
            return (null, $"--export {NameOf(kind)}: what {VariableOf(kind)} holds can't be sent as a header. Write the token alone, or Name: value, in printable ASCII.");
        return (new ExportTarget(kind, kind == ExportKind.Otlp ? OtlpUrl(url) : url, header), null);
    }

    /// <summary>Name of the environment variable with the secret for a kind; with <c>_FILE</c> behind, that of a file that holds it.</summary>
    public static string VariableOf(ExportKind kind) => kind == ExportKind.Influx ? "PRESSURE_INFLUX_TOKEN" : "PRESSURE_OTLP_TOKEN";

    internal PointSink Open(SinkLimits limits, TimeProvider time)
    {
        // A sink that redirects is not the one that was named.
        var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) }) { Timeout = Timeout.InfiniteTimeSpan };
        IPointFormat format = Kind switch
        {
            ExportKind.Influx => new InfluxFormat(_url, _header),
            ExportKind.Otlp => new OtlpHttpFormat(_url, _header),
            _ => new OtlpGrpcFormat(_url, _header),
        };
        return new PointSink(Name, format, http, limits, time, new Random());
    }

    private static ExportKind? KindOf(string name) => name switch
    {
        "influx" => ExportKind.Influx,
        "otlp" => ExportKind.Otlp,
        "otlp-grpc" => ExportKind.OtlpGrpc,
        _ => null,
    };

    private static string NameOf(ExportKind kind) => kind switch
    {
        ExportKind.Influx => "influx",
        ExportKind.Otlp => "otlp",
        _ => "otlp-grpc",
    };

    private static string? SecretIn(Uri url)
    {
        if (url.UserInfo.Length > 0)
            return "the user";
        var names = url.Query.TrimStart('?').Split('&').Select(p => Uri.UnescapeDataString(p.Split('=')[0]).ToLowerInvariant());
        return names.FirstOrDefault(Secrets.Contains);
    }

    private static string? InfluxProblem(Uri url)
    {
        var names = url.Query.TrimStart('?').Split('&').Select(p => p.Split('=')[0]).ToHashSet();
        if (url.AbsolutePath.EndsWith("/api/v2/write", StringComparison.Ordinal) ? names.Contains("bucket") : url.AbsolutePath.EndsWith("/write", StringComparison.Ordinal) && names.Contains("db"))
            return names.Contains("precision") ? "--export influx: points are written in nanoseconds. Leave precision= away." : null;
        return $"--export influx: {url} names no database. Write http://HOST:8086/write?db=NAME (1.x) or http://HOST:8086/api/v2/write?org=ORG&bucket=NAME (2.x).";
    }

    private static Uri OtlpUrl(Uri url) => url.AbsolutePath == "/" ? new Uri(url, "/v1/metrics") : url;

    private static (string, string) HeaderOf(ExportKind kind, Uri url, string secret)
    {
        secret = secret.Trim();
        if (secret.IndexOf(": ", StringComparison.Ordinal) is > 0 and var colon)
            return (secret[..colon], secret[(colon + 2)..].Trim());
        if (kind != ExportKind.Influx)
            return ("Authorization", $"Bearer {secret}");
        return secret.Contains(':', StringComparison.Ordinal) && !url.AbsolutePath.EndsWith("/api/v2/write", StringComparison.Ordinal)
            ? ("Authorization", $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(secret))}")
            : ("Authorization", $"Token {secret}");
    }
}

/// <summary>What a sink speaks.</summary>
public enum ExportKind
{
    /// <summary>InfluxDB's line protocol.</summary>
    Influx,

    /// <summary>OpenTelemetry's protocol over HTTP.</summary>
    Otlp,

    /// <summary>OpenTelemetry's protocol over gRPC.</summary>
    OtlpGrpc,
}
