using System.Net;
using Npgsql;

namespace Pressure.Web.State;

/// <summary>Where the nodes' common database is: <c>postgres://user@host:5432/name?sslmode=verify-full&amp;rootcert=/etc/ca.pem</c>.</summary>
public sealed class DatabaseAddress
{
    /// <summary>The environment's variable with the password, so that it need not stand on a command line.</summary>
    public const string PasswordVariable = "PRESSURE_DATABASE_PASSWORD";

    private const string Form = "Write it as postgres://user@host:5432/name, with ?sslmode=disable|require|verify-ca|verify-full and &rootcert=FILE where needed.";

    private DatabaseAddress(NpgsqlConnectionStringBuilder connection) => Connection = connection;

    /// <summary>Host and port, for people.</summary>
    public string Place => $"{Connection.Host}:{Connection.Port}/{Connection.Database}";

    /// <summary>Its port on this machine; null if it is on another one.</summary>
    public int? PortHere => IsThisMachine(Connection.Host!) ? Connection.Port : null;

    internal NpgsqlConnectionStringBuilder Connection { get; }

    /// <summary>Reads an address; what is wrong with it, for people.</summary>
    /// <param name="text">The address.</param>
    /// <param name="password">The password, if it does not stand there; null for none.</param>
    public static (DatabaseAddress? Address, string? Problem) Parse(string text, string? password)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("postgres" or "postgresql") || uri.Host.Length == 0)
            return (null, $"--database is no address of a PostgreSQL database. {Form}");
        var user = uri.UserInfo.Split(':', 2);
        var name = Uri.UnescapeDataString(uri.AbsolutePath.Trim('/'));
        if (user[0].Length == 0 || name.Length == 0 || name.Contains('/', StringComparison.Ordinal))
            return (null, $"--database names no {(user[0].Length == 0 ? "user" : "database")}. {Form}");
        var connection = new NpgsqlConnectionStringBuilder
        {
            Host = uri.IdnHost,
            Port = uri.IsDefaultPort || uri.Port < 0 ? 5432 : uri.Port,
            Username = Uri.UnescapeDataString(user[0]),
            Password = user.Length > 1 ? Uri.UnescapeDataString(user[1]) : password,
            Database = name,
            // Across a network an unverified server is as good as none; on this machine there is nobody in between.
            SslMode = IsThisMachine(uri.IdnHost) ? SslMode.Prefer : SslMode.VerifyFull,
            ApplicationName = "pressure",
            SearchPath = ServiceDatabase.Schema,
            Timeout = 5,
            CommandTimeout = 30,
            MaxPoolSize = 20,
            KeepAlive = 15,
            IncludeErrorDetail = false,
        };
        foreach (var option in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            if (WhyNot(connection, option) is { } problem)
                return (null, problem);
        }
        return (new DatabaseAddress(connection), null);
    }

    private static string? WhyNot(NpgsqlConnectionStringBuilder connection, string option)
    {
        var (name, value) = option.Split('=', 2) is [var key, var said] ? (key, Uri.UnescapeDataString(said)) : (option, "");
        switch (name)
        {
            case "sslmode":
                if (!Enum.TryParse<SslMode>(value.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var mode) || int.TryParse(value, out _))
                    return $"--database: sslmode={value} is none. {Form}";
                connection.SslMode = mode;
                return null;
            case "rootcert" or "sslrootcert":
                if (!File.Exists(value))
                    return $"--database: there is no file {value} (rootcert).";
                connection.RootCertificate = value;
                return null;
            default:
                return $"--database: '{name}' is unknown. {Form}";
        }
    }

    private static bool IsThisMachine(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    /// <inheritdoc/>
    public override string ToString() => Place;
}
