using System.Net;

namespace Pressure.LoadGen;

/// <summary>Reads <c>http:</c>.</summary>
internal static class HttpReader
{
    private static readonly string[] FileKeys = ["ca", "certificate", "key"];
    private const int MostConnections = 60_000;
    private const int MostLocalItems = 256;
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    /// <summary>A time limit for requests.</summary>
    public static ValueReader<TimeSpan> Time { get; } = PlainText.Duration(Shortest, Longest);

    /// <summary>A limit for redirects.</summary>
    public static ValueReader<int> Redirects { get; } = PlainText.WholeNumber(0, 50);

    /// <param name="node">The section, if there is one.</param>
    /// <param name="mayReadFiles">Whether the plan may name files: not when it comes as a text, or anybody could have this machine's keys used.</param>
    /// <param name="problems">What is wrong with it.</param>
    public static HttpOptions Read(PlanNode? node, bool mayReadFiles, ProblemList problems)
    {
        var options = new HttpOptions();
        if (node is null || FieldReader.Open(node, "http", PlanKeys.Http, problems) is not { } fields)
            return options;
        if (!mayReadFiles && ReportFiles(fields))
            return options;
        var (one, two, three) = (new Version(1, 1), new Version(2, 0), new Version(3, 0));
        var certificate = fields.Read("certificate", PemText.Certificates(problems.File), null);
        return KeepAliveReader.Read(fields, options) with
        {
            Version = fields.Read("version", PlainText.OneOf(("1.1", one), ("2", two), ("2.0", two), ("3", three), ("3.0", three)), options.Version),
            ConnectTimeout = fields.Read("connectTimeout", Time, options.ConnectTimeout),
            Timeout = fields.Read("timeout", Time, options.Timeout),
            MaxConnections = fields.Read("maxConnections", PlainText.WholeNumber(1, MostConnections), options.MaxConnections),
            LocalAddresses = ReadLocalAddresses(fields),
            Proxy = fields.Read<HttpProxy?>("proxy", ProxyText.Parse, null),
            Redirects = fields.Read("redirects", Redirects, options.Redirects),
            Compression = fields.Read("compression", PlainText.Switch, options.Compression),
            Cookies = fields.Read("cookies", Cookies, options.Cookies),
            Insecure = fields.Read("insecure", PlainText.Switch, options.Insecure),
            Authorities = fields.Read("ca", PemText.Certificates(problems.File), null),
            Certificate = certificate,
            Key = ReadKey(fields, certificate),
        };
    }

    private static ValueReader<CookieKeeping> Cookies => PlainText.OneOf(
        ("off", CookieKeeping.Off), ("iteration", CookieKeeping.Iteration), ("user", CookieKeeping.User), ("false", CookieKeeping.Off), ("true", CookieKeeping.Iteration));

    private static IReadOnlyList<IPAddress> ReadLocalAddresses(FieldReader fields)
    {
        const string remedy = "Write a list such as [10.0.0.5, 10.0.0.6-10.0.0.9, 10.0.1.0/24].";
        var all = new List<IPAddress>();
        var items = ScalarReader.Items(fields["localAddresses"], fields.PathTo("localAddresses"), MostLocalItems, remedy, fields.Problems);
        for (var i = 0; i < items.Count; i++)
        {
            if (ScalarReader.TryRead<IReadOnlyList<IPAddress>>(items[i], $"{fields.PathTo("localAddresses")}[{i}]", LocalAddressText.Parse, fields.Problems, out var some))
                all.AddRange(some);
        }

        if (all.Count > LocalAddressText.Most)
            fields.Report("localAddresses", $"has {all.Count:N0} addresses, more than {LocalAddressText.Most:N0}", "Name fewer.");
        return all.Count == 0 ? [] : [.. all.Distinct()];
    }

    private static bool ReportFiles(FieldReader fields)
    {
        var named = FileKeys.Where(fields.Has).ToList();
        foreach (var field in named)
            fields.Report(field, "files can't be read here", "Run the plan as a file from the command line; its certificates lie beside it.");
        return named.Count > 0;
    }

    private static string? ReadKey(FieldReader fields, string? certificate)
    {
        if (certificate is not null)
        {
            var key = fields.Read("key", PemText.KeyOf(certificate, fields.Problems.File), null);
            if (!fields.Has("key") && PemText.KeyOf(certificate, fields.Problems.File)(certificate, out _) is not null)
                fields.Report("certificate", "holds no private key", "Name the file of its key: key: file.pem.");
            return key;
        }

        if (fields.Has("key") && !fields.Has("certificate"))
            fields.Report("key", "is given without a certificate", "Name the certificate's file too: certificate: file.pem.");
        return null;
    }
}
