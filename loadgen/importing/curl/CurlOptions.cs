namespace Pressure.LoadGen.Importing;

/// <summary>How curl's options are written. What an option takes must be known even of those that are not taken over, to tell its value from a URL.</summary>
internal static class CurlOptions
{
    // Letter and long name.
    private const string Short =
        "X=request H=header d=data G=get F=form u=user b=cookie A=user-agent e=referer I=head k=insecure L=location o=output "
        + "O=remote-name s=silent S=show-error v=verbose i=include f=fail g=globoff m=max-time x=proxy T=upload-file E=cert K=config "
        + "w=write-out c=cookie-jar D=dump-header r=range z=time-cond C=continue-at y=speed-time Y=speed-limit P=ftp-port Q=quote "
        + "t=telnet-option U=proxy-user h=help N=no-buffer n=netrc q=disable R=remote-time J=remote-header-name Z=parallel "
        + "#=progress-bar 0=http1.0 1=tlsv1 2=sslv2 3=sslv3 4=ipv4 6=ipv6 a=append B=use-ascii j=junk-session-cookies l=list-only "
        + "M=manual p=proxytunnel V=version :=next";

    private static readonly Dictionary<char, string> LongNames = Short.Split(' ').ToDictionary(pair => pair[0], pair => pair[2..]);

    private static readonly HashSet<string> WithValue =
    [
        "request", "header", "data", "data-raw", "data-binary", "data-ascii", "data-urlencode", "json", "form", "form-string", "user", "cookie", "user-agent",
        "referer", "url", "url-query", "output", "max-time", "proxy", "upload-file", "cert", "config", "write-out", "cookie-jar", "dump-header", "range",
        "time-cond", "continue-at", "speed-time", "speed-limit", "ftp-port", "quote", "telnet-option", "proxy-user", "abstract-unix-socket", "alt-svc",
        "aws-sigv4", "cacert", "capath", "cert-type", "ciphers", "connect-timeout", "connect-to", "create-file-mode", "crlfile", "curves", "delegation",
        "dns-interface", "dns-ipv4-addr", "dns-ipv6-addr", "dns-servers", "doh-url", "ech", "egd-file", "engine", "etag-compare", "etag-save",
        "expect100-timeout", "ftp-account", "ftp-alternative-to-user", "ftp-method", "happy-eyeballs-timeout-ms", "haproxy-clientip", "hostpubmd5",
        "hostpubsha256", "hsts", "interface", "ip-tos", "ipfs-gateway", "keepalive-time", "keepalive-cnt", "key", "key-type", "krb", "libcurl", "limit-rate",
        "local-port", "login-options", "mail-auth", "mail-from", "mail-rcpt", "max-filesize", "max-redirs", "netrc-file", "noproxy", "oauth2-bearer",
        "output-dir", "parallel-max", "pass", "pinnedpubkey", "preproxy", "proto", "proto-default", "proto-redir", "proxy-cacert", "proxy-capath",
        "proxy-cert", "proxy-cert-type", "proxy-ciphers", "proxy-crlfile", "proxy-header", "proxy-key", "proxy-key-type", "proxy-pass",
        "proxy-pinnedpubkey", "proxy-service-name", "proxy-tls13-ciphers", "proxy-tlsauthtype", "proxy-tlspassword", "proxy-tlsuser", "proxy1.0", "pubkey",
        "random-file", "rate", "request-target", "resolve", "retry", "retry-delay", "retry-max-time", "sasl-authzid", "service-name", "socks4", "socks4a",
        "socks5", "socks5-gssapi-service", "socks5-hostname", "stderr", "tftp-blksize", "tls-max", "tls13-ciphers", "tlsauthtype", "tlspassword", "tlsuser",
        "trace", "trace-ascii", "trace-config", "unix-socket", "variable", "vlan-priority",
    ];

    /// <summary>What curl shows and where it writes: no matter to the request.</summary>
    private static readonly HashSet<string> Output =
    [
        "output", "remote-name", "remote-name-all", "silent", "show-error", "verbose", "include", "show-headers", "fail", "fail-with-body", "fail-early", "write-out", "dump-header",
        "no-buffer", "remote-time", "remote-header-name", "progress-bar", "no-progress-meter", "progress-meter", "output-dir", "create-dirs", "trace", "trace-ascii",
        "trace-time", "trace-ids", "stderr", "styled-output", "parallel", "parallel-immediate", "parallel-max", "cookie-jar", "libcurl", "disable", "xattr", "globoff",
    ];

    /// <summary>The long name of a short option; null when curl has none such.</summary>
    public static string? LongName(char letter) => LongNames.GetValueOrDefault(letter);

    public static bool TakesValue(string name) => WithValue.Contains(name);

    public static bool IsAboutOutput(string name) => Output.Contains(name);

    /// <summary>What curl would do and a plan does not, with the remedy where there is one; null for options that nothing is known of.</summary>
    public static string? WhyNot(string name) => name switch
    {
        "insecure" => "certificates are checked; write http: { insecure: true } into the plan to accept any",
        "max-time" or "connect-timeout" => "times out as the plan says; see http: { timeout, connectTimeout }",
        "proxy" or "preproxy" or "socks5" or "socks5-hostname" or "socks4" or "socks4a" or "proxy-user" => "plans know no proxies",
        "cert" or "key" or "cacert" or "capath" => "plans know no certificates of their own",
        "retry" or "retry-delay" or "retry-max-time" or "retry-all-errors" or "retry-connrefused" => "a request under load is sent once",
        "http2" or "http2-prior-knowledge" or "http3" or "http1.0" or "http1.1" => "the version stands in the plan: http: { version: 1.1 }",
        "resolve" or "connect-to" or "interface" or "ipv4" or "ipv6" or "unix-socket" => "addresses are found by the host's name",
        _ => null,
    };
}
