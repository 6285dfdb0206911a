using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;

namespace Pressure.Faults;

/// <summary>Where a cluster is and who asks it: what a kubeconfig or a service account says.</summary>
/// <param name="Server">Its API server.</param>
public sealed record KubernetesAccess(Uri Server)
{
    private const string ServiceAccount = "/var/run/secrets/kubernetes.io/serviceaccount";

    /// <summary>Authorities that the server's certificate is checked against; empty for the machine's own.</summary>
    public X509Certificate2Collection Authorities { get; init; } = [];

    /// <summary>The certificate that we show; null for none.</summary>
    public X509Certificate2? Client { get; init; }

    /// <summary>The token that we show, asked for anew each time since those in files change; null for none.</summary>
    public Func<string>? Token { get; init; }

    /// <summary>What <c>KUBECONFIG</c> names, else <c>~/.kube/config</c>, else the service account of the pod that we run in.</summary>
    /// <exception cref="KubernetesException">There is none, or it can't be used.</exception>
    public static KubernetesAccess Find()
    {
        var named = Environment.GetEnvironmentVariable("KUBECONFIG")?.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        var usual = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".kube", "config");
        return (named ?? [usual]).FirstOrDefault(File.Exists) is { } file ? FromKubeconfig(file)
            : Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST") is { Length: > 0 } host ? FromServiceAccount(host, ServiceAccount)
            : throw new KubernetesException("No Kubernetes cluster is known here.", $"Name a kubeconfig with KUBECONFIG=/path, or put it to {usual}.", null);
    }

    /// <summary>The current context of a kubeconfig.</summary>
    /// <exception cref="KubernetesException">It can't be used.</exception>
    public static KubernetesAccess FromKubeconfig(string file)
    {
        try
        {
            var config = KubeconfigText.Read(File.ReadAllText(file));
            var context = Named(config, "contexts", config.Text("current-context"), "context");
            var cluster = Named(config, "clusters", context.Text("cluster"), "cluster");
            var user = Named(config, "users", context.Text("user"), "user");
            if (user["exec"] is not null || user["auth-provider"] is not null)
                throw new FormatException("it gets its token from another program, which is not run here: put a token or a certificate in");
            if (cluster.Text("insecure-skip-tls-verify") == "true" || cluster.Flag("insecure-skip-tls-verify"))
                throw new FormatException("it wants the server's certificate not to be checked: give certificate-authority instead");
            var folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
            return new(new Uri(cluster.Text("server")))
            {
                Authorities = AuthoritiesOf(Pem(cluster, "certificate-authority", folder)),
                Client = Pem(user, "client-certificate", folder) is { } certificate && Pem(user, "client-key", folder) is { } key ? X509Certificate2.CreateFromPem(certificate, key) : null,
                Token = user.Text("token") is { Length: > 0 } token ? () => token
                    : user.Text("tokenFile") is { Length: > 0 } path ? () => File.ReadAllText(Path.Combine(folder, path)).Trim()
                    : null,
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException or CryptographicException)
        {
            throw new KubernetesException($"The kubeconfig {file} can't be used: {e.Message.TrimEnd('.')}.", "Name another one with KUBECONFIG=/path.", null, e);
        }
    }

    /// <summary>The service account of the pod that we run in.</summary>
    /// <exception cref="KubernetesException">Its folder can't be read.</exception>
    public static KubernetesAccess FromServiceAccount(string host, string folder)
    {
        try
        {
            var port = Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_PORT") is { Length: > 0 } named ? named : "443";
            return new(new UriBuilder("https", host, int.Parse(port)).Uri)
            {
                Authorities = AuthoritiesOf(File.ReadAllText(Path.Combine(folder, "ca.crt"))),
                Token = () => File.ReadAllText(Path.Combine(folder, "token")).Trim(),
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException or CryptographicException)
        {
            throw new KubernetesException($"The pod's service account can't be used: {e.Message.TrimEnd('.')}.", "Let it be mounted (automountServiceAccountToken: true).", null, e);
        }
    }

    private static JsonObject Named(JsonNode config, string list, string name, string kind) =>
        config.List(list).FirstOrDefault(e => e.Text("name") == name)?[kind] as JsonObject ?? throw new FormatException($"it has no {kind} '{name}'");

    /// <summary>What stands in it as <c>NAME-data</c> in base64, or in the file that <c>NAME</c> names.</summary>
    private static string? Pem(JsonObject holder, string name, string folder) =>
        holder.Text(name + "-data") is { Length: > 0 } data ? Encoding.UTF8.GetString(Convert.FromBase64String(data))
            : holder.Text(name) is { Length: > 0 } path ? File.ReadAllText(Path.Combine(folder, path))
            : null;

    private static X509Certificate2Collection AuthoritiesOf(string? pem)
    {
        var authorities = new X509Certificate2Collection();
        if (pem is not null)
            authorities.ImportFromPem(pem);
        return authorities;
    }
}
