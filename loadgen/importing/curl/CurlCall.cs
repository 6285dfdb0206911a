namespace Pressure.LoadGen.Importing;

/// <summary>What the words of one curl command say; filled option by option.</summary>
internal sealed class CurlCall(string where, ImportScope scope)
{
    private readonly List<KeyValuePair<string, string>> _headers = [];
    private readonly List<string> _data = [];
    private readonly List<string> _query = [];
    private readonly List<string> _urls = [];
    private string? _method;
    private string? _reason;
    private bool _head;
    private bool _get;
    private bool _json;
    private bool _globOff;
    private string? _user;

    public bool HasUrl => _urls.Count > 0;

    public void AddUrl(string url) => _urls.Add(url);

    /// <summary>The whole request is left out, for this reason.</summary>
    public void LeaveOut(string reason) => _reason ??= reason;

    /// <summary>Takes an option by its long name; false when it means nothing here.</summary>
    public bool Take(string option, string value)
    {
        switch (option)
        {
            case "request":
                _method = value;
                break;
            case "header":
                TakeHeader(value);
                break;
            case "data" or "data-ascii" or "data-binary":
                TakeData(value, mayBeFile: true);
                break;
            case "data-raw":
                TakeData(value, mayBeFile: false);
                break;
            case "json":
                _json = true;
                TakeData(value, mayBeFile: true);
                break;
            case "data-urlencode":
                TakeEncoded(_data, value);
                break;
            case "url-query":
                TakeEncoded(_query, value);
                break;
            case "get":
                _get = true;
                break;
            case "head":
                _head = true;
                break;
            case "globoff":
                _globOff = true;
                break;
            case "url":
                _urls.Add(value);
                break;
            case "user":
                _user = value;
                break;
            case "oauth2-bearer":
                _headers.Add(new("Authorization", $"Bearer {value}"));
                break;
            case "cookie":
                TakeCookie(value);
                break;
            case "user-agent":
                _headers.Add(new("User-Agent", value));
                break;
            case "referer":
                _headers.Add(new("Referer", value));
                break;
            case "compressed":
                _headers.Add(new("Accept-Encoding", "gzip, deflate, br"));
                break;
            case "location" or "location-trusted":
                // Plans follow redirects unless they say otherwise.
                break;
            case "form" or "form-string":
                LeaveOut("sends a multipart form (-F), which is not taken over; write it as multipart");
                break;
            case "upload-file":
                LeaveOut("uploads a file (-T)");
                break;
            case "config":
                LeaveOut("reads more options from a file (-K)");
                break;
            default:
                return false;
        }
        return true;
    }

    public IEnumerable<FoundRequest> Requests()
    {
        foreach (var url in _urls)
        {
            var reason = _reason ?? (!_globOff && HasGlob(url) ? "its URL has curl's patterns ({a,b} or [1-9]), which are not expanded" : null);
            if (reason is null)
                yield return Request(url.Contains("://", StringComparison.Ordinal) ? url : $"http://{url}");
            else
                scope.Skip($"curl {url.Split('?')[0]}", reason, where);
        }
    }

    private FoundRequest Request(string url)
    {
        var hasBody = _data.Count > 0 && !_get;
        var query = string.Join('&', _get ? _query.Concat(_data) : _query);
        if (query.Length > 0)
            url = WithQuery(url, query);
        var headers = _headers.Where(h => h.Value.Length > 0 || h.Key.EndsWith(';')).Select(h => KeyValuePair.Create(h.Key.TrimEnd(';'), h.Value)).ToList();
        if (_user is not null && !scope.Options.KeepSecrets)
            scope.Skip("option -u", "credentials; --keep-secrets makes an Authorization header of them", where);
        else if (_user is not null)
            headers.Add(BasicAuth.Header(_user));
        if (_json)
        {
            AddUnlessGiven(headers, "Content-Type", "application/json");
            AddUnlessGiven(headers, "Accept", "application/json");
        }
        else if (hasBody)
        {
            AddUnlessGiven(headers, "Content-Type", "application/x-www-form-urlencoded");
        }
        var method = _method ?? (_head ? "HEAD" : hasBody ? "POST" : "GET");
        return new(method, url, where) { Headers = headers, Body = hasBody ? string.Join(_json ? "" : "&", _data) : null };
    }

    private void TakeHeader(string text)
    {
        if (text.StartsWith('@'))
        {
            scope.Skip($"option -H {text}", "headers in files are not read", where);
            return;
        }
        var colon = text.IndexOf(':');
        if (colon > 0)
            _headers.Add(new(text[..colon].Trim(), text[(colon + 1)..].Trim()));
        else if (text.EndsWith(';'))
            _headers.Add(new(text, ""));
        else
            scope.Skip($"option -H {text}", "it has no colon", where);
    }

    private void TakeData(string text, bool mayBeFile)
    {
        if (mayBeFile && text.StartsWith('@'))
            LeaveOut("its body stands in a file, which is not read; write it into the command");
        else
            _data.Add(text);
    }

    private void TakeEncoded(List<string> pairs, string text)
    {
        var equals = text.IndexOf('=');
        if (equals < 0 && text.Contains('@'))
            LeaveOut("its data stands in a file, which is not read; write it into the command");
        else if (equals > 0)
            pairs.Add($"{text[..equals]}={Uri.EscapeDataString(text[(equals + 1)..])}");
        else
            pairs.Add(Uri.EscapeDataString(text[(equals + 1)..]));
    }

    private void TakeCookie(string text)
    {
        if (text.Contains('='))
            _headers.Add(new("Cookie", text));
        else
            scope.Skip($"option -b {text}", "cookies in files are not read", where);
    }

    private static void AddUnlessGiven(List<KeyValuePair<string, string>> headers, string name, string value)
    {
        if (!headers.Exists(h => h.Key.Equals(name, StringComparison.OrdinalIgnoreCase)))
            headers.Add(new(name, value));
    }

    private static string WithQuery(string url, string query)
    {
        var fragment = url.IndexOf('#');
        var before = fragment < 0 ? url : url[..fragment];
        return before + (before.Contains('?') ? "&" : "?") + query;
    }

    private static bool HasGlob(string url)
    {
        // Brackets right after the scheme hold an IPv6 address.
        var host = url.IndexOf("://[", StringComparison.Ordinal);
        var rest = host >= 0 && url.IndexOf(']', host) is > 0 and var end ? url[end..].TrimStart(']') : url;
        return rest.AsSpan().ContainsAny("{}[]");
    }
}
