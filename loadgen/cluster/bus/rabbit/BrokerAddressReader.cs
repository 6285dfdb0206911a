using System.Globalization;

namespace Pressure.Cluster;

/// <summary>Takes a broker's address apart. What it says about a wrong one never quotes what could be the password.</summary>
internal sealed class BrokerAddressReader
{
    private const string Form = "Write amqps://USER:PASSWORD@HOST:PORT/VHOST, or amqp:// without TLS.";
    private const int PlainPort = 5672;
    private const int TlsPort = 5671;

    private static readonly string[] Keys = ["password_file", "password_env", "cacertfile", "certfile", "keyfile", "server_name_indication"];

    private readonly List<BrokerAddressProblem> _problems = [];
    private readonly Dictionary<string, string> _options = [];

    public static BrokerAddressOutcome Read(string text)
    {
        var reader = new BrokerAddressReader();
        var address = reader.Take(text.Trim());
        return new(reader._problems.Count == 0 ? address : null, reader._problems);
    }

    private BrokerAddress? Take(string text)
    {
        var tls = text.StartsWith("amqps://", StringComparison.OrdinalIgnoreCase);
        if (!tls && !text.StartsWith("amqp://", StringComparison.OrdinalIgnoreCase))
            return Wrong("A broker's address begins with amqps:// or amqp://", Form);
        var rest = text[(text.IndexOf("://", StringComparison.Ordinal) + 3)..];
        var end = rest.AsSpan().IndexOfAny("/?#");
        var (authority, tail) = end < 0 ? (rest, "") : (rest[..end], rest[end..]);
        var question = tail.IndexOf('?', StringComparison.Ordinal);
        var (path, query) = question < 0 ? (tail, "") : (tail[..question], tail[(question + 1)..]);
        var at = authority.LastIndexOf('@');
        // A password with one of /?# cuts the address short: everything after that could be a part of it.
        if (path.Contains('@', StringComparison.Ordinal) || (at < 0 && query.Contains('@', StringComparison.Ordinal)))
            return Wrong("The address has an @ behind its first /, ? or #", "Write such characters in a user, a password or a virtual host percent-encoded: / is %2F, ? is %3F, # is %23, @ is %40.");
        if (path.Contains('#', StringComparison.Ordinal))
            return Wrong("The address has a #", "Write it percent-encoded: %23.");
        TakeOptions(query);
        return Finish(new BrokerAddress { Hosts = TakeHosts(authority[(at + 1)..], tls ? TlsPort : PlainPort), Tls = tls, VirtualHost = TakeVirtualHost(path) }, at < 0 ? null : authority[..at]);
    }

    private BrokerAddress Finish(BrokerAddress address, string? who)
    {
        var colon = who?.IndexOf(':', StringComparison.Ordinal) ?? -1;
        var user = who is null ? null : Uri.UnescapeDataString(colon < 0 ? who : who[..colon]);
        var password = colon < 0 ? null : Uri.UnescapeDataString(who![(colon + 1)..]);
        if (user == "")
            Wrong("The address has no user before the password", Form);
        if (new[] { password, Option("password_file"), Option("password_env") }.Count(p => p is not null) > 1)
            Wrong("The password stands in more than one place", "Leave one: in the address, password_file or password_env.");
        foreach (var key in Keys[2..].Where(k => !address.Tls && Option(k) is not null))
            Wrong($"{key} is for TLS, and this address is amqp://", "Write amqps://, or leave it out.");
        if (Option("keyfile") is not null && Option("certfile") is null)
            Wrong("There is a keyfile without a certfile", "Name the certificate with certfile=FILE.");
        return address with
        {
            User = user ?? address.User,
            Password = password,
            PasswordFile = Option("password_file"),
            PasswordVariable = Option("password_env"),
            AuthorityFile = Option("cacertfile"),
            CertificateFile = Option("certfile"),
            KeyFile = Option("keyfile"),
            ServerName = Option("server_name_indication"),
        };
    }

    private List<BrokerHost> TakeHosts(string text, int usual)
    {
        List<BrokerHost> hosts = [];
        foreach (var part in text.Split(','))
        {
            // The colon before the port is behind the bracket of an IPv6 address.
            var colon = part.LastIndexOf(':');
            if (colon < part.LastIndexOf(']'))
                colon = -1;
            var name = colon < 0 ? part : part[..colon];
            var port = usual;
            if (colon >= 0 && (!int.TryParse(part.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port) || port is < 1 or > 65_535))
                Wrong("A port of the address is no number from 1 to 65535", "Write HOST:PORT.");
            if (name is ['[', .., ']'])
                name = name[1..^1];
            if (Uri.CheckHostName(name) == UriHostNameType.Unknown)
                Wrong(name.Length == 0 ? "The address has no host" : "A host of the address is neither a name nor an IP address", Form);
            hosts.Add(new(name, port));
        }
        return hosts;
    }

    private string TakeVirtualHost(string path)
    {
        if (path.Length <= 1)
            return "/";
        if (path.AsSpan(1).Contains('/'))
            Wrong("The virtual host has a /", "Write it percent-encoded: %2F.");
        return Uri.UnescapeDataString(path[1..]);
    }

    private void TakeOptions(string query)
    {
        foreach (var part in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            var key = equals < 0 ? part : part[..equals];
            if (!Keys.Contains(key))
                Wrong("The address has an unknown option", $"The options are {string.Join(", ", Keys)}.");
            else if (equals < 0 || equals == part.Length - 1)
                Wrong($"{key} has no value", $"Write {key}=VALUE.");
            else if (!_options.TryAdd(key, Uri.UnescapeDataString(part[(equals + 1)..])))
                Wrong($"{key} is there twice", "Leave one.");
        }
    }

    private string? Option(string key) => _options.GetValueOrDefault(key);

    private BrokerAddress? Wrong(string what, string remedy)
    {
        _problems.Add(new(what, remedy));
        return null;
    }
}
