using Pressure.LoadGen.Engine;

namespace Pressure.LoadGen;

/// <summary>Reads a scenario's steps on sockets, and follows which connection is open.</summary>
internal sealed class SocketStepReader(Uri target, RequestNames names, TemplateNames templates)
{
    private const string Handshake = "Sec-WebSocket-";

    private Step.Request? _open;

    /// <summary>Reads a step; <paramref name="before"/> is the one before it, which an expectation may complete.</summary>
    public Step? Read(FieldReader fields, string kind, Step? before)
    {
        if (kind is "ws" or "tcp")
            return _open = Connect(fields, kind);
        if (_open is not { } open)
        {
            fields.Report(kind, "stands where no connection is open", "Write ws: /path or tcp: host:port before it.");
            return null;
        }

        switch (kind)
        {
            case "send":
                return Send(fields, open);
            case "expect":
                return Expect(fields, open, before);
            default:
                if (fields["close"] is not PlanNode.Scalar { IsNull: true })
                    fields.Report("close", "takes no value", "Write close: alone.");
                _open = null;
                return new Step.Close();
        }
    }

    private Step.Request Connect(FieldReader fields, string kind)
    {
        if (_open is { } open)
            fields.Report(kind, $"stands where the connection of {Shown.Of(open.Name)} is still open", "Write close: before it; an iteration has one connection at a time.");
        return kind == "ws" ? WebSocket(fields) : Tcp(fields);
    }

    private Step.Request WebSocket(FieldReader fields)
    {
        Templates.Check(fields, ["ws", "query", "headers", "auth"], templates);
        var url = fields.Read("ws", UrlText.SocketBelow(target), new UriBuilder(target) { Scheme = Uri.UriSchemeWs }.Uri);
        var query = PairReader.Texts(fields, "query", "Write a map such as { id: 42 }, or a list of one-key maps.");
        if (UrlText.WithQuery(url, query, out var whole) is { } complaint)
            fields.Report("query", complaint.Message, complaint.Remedy);
        var headers = HeaderReader.Read(fields);
        if (headers.Exists(h => h.Key.StartsWith(Handshake, StringComparison.OrdinalIgnoreCase)))
            fields.Report("headers", $"has a field that begins with {Handshake}", "Remove it; it follows from the handshake. Subprotocols stand in subprotocol.");
        var authorization = AuthReader.Read(fields, headers, templates);
        var extracts = ExtractReader.Read(fields, templates);
        if (extracts.Exists(e => e is Extract.Json or Extract.Matching))
            fields.Report("extract", "takes a value from a body, but a handshake has none", "Take it from a header or a cookie, or from a message that is expected.");
        return new()
        {
            Name = fields.Has("name") ? names.Given(fields) : names.Made("WS", url, target),
            Method = "WS",
            Url = whole,
            Service = fields.Read<string>("service", PlainText.Name, url.Authority),
            Headers = headers,
            Timeout = TimeoutOf(fields),
            Template = RequestTemplate.Of(whole, headers, body: null, authorization, templates),
            Extracts = extracts,
            Socket = new SocketAction.Connect(Subprotocols(fields)),
        };
    }

    private Step.Request Tcp(FieldReader fields)
    {
        var url = fields.Read<Uri>("tcp", UrlText.ParseTcp, new($"{UrlText.Tcp}://target.invalid:1"));
        return new()
        {
            Name = fields.Has("name") ? names.Given(fields) : names.Made($"TCP {url.Authority}"),
            Method = "TCP",
            Url = url,
            Service = fields.Read<string>("service", PlainText.Name, url.Authority),
            Timeout = TimeoutOf(fields),
            Socket = new SocketAction.Connect([]),
        };
    }

    private Step.Request Send(FieldReader fields, Step.Request open)
    {
        Templates.Check(fields, ["send"], templates);
        var payload = MessageReader.Payload(fields, templates);
        return Message(fields, "SEND", open, new(payload, null));
    }

    private Step.Request Expect(FieldReader fields, Step.Request open, Step? before)
    {
        var (expectation, within) = MessageReader.Expectation(fields, templates);
        var extracts = ExtractReader.Read(fields, templates);
        if (extracts.Exists(e => e is Extract.Header or Extract.Cookie))
            fields.Report("extract", "takes a value from a header, but a message has none", "Take it by json or regex.");
        if (before is not Step.Request { Socket: SocketAction.Message { Send: not null, Expect: null } message } sent)
            return Message(fields, "EXPECT", open, new(null, expectation)) with { Extracts = extracts, Timeout = within };
        if (fields.Has("name"))
            fields.Report("name", "is given to an expectation that is part of the send before it", "Put the name there.");
        return sent with { Extracts = extracts, Timeout = within, Socket = message with { Expect = expectation }, Template = NeedsOf(message.Send, expectation) };
    }

    private Step.Request Message(FieldReader fields, string method, Step.Request open, SocketAction.Message message) => new()
    {
        Name = fields.Has("name") ? names.Given(fields)
            : open.Url.Scheme == UrlText.Tcp ? names.Made($"{method} {open.Url.Authority}") : names.Made(method, open.Url, target),
        Method = method,
        Url = open.Url,
        Service = open.Service,
        Socket = message,
        Template = NeedsOf(message.Send, message.Expect),
    };

    private static TimeSpan? TimeoutOf(FieldReader fields) => fields.Has("timeout") ? fields.Read("timeout", HttpReader.Time, default) : null;

    // Not to be rendered: it knows which values the iteration must have for the message.
    private static RequestTemplate? NeedsOf(Payload? send, Expectation? expect)
    {
        var all = Template.Join(new[] { send?.Content, expect?.Contains }.OfType<Template>());
        return all.HasSlots ? new(Template.Literal(""), new Dictionary<string, Template>(), all) : null;
    }

    private static List<string> Subprotocols(FieldReader fields)
    {
        const string Remedy = "Write a token such as chat.v1, or a list of them.";
        if (fields["subprotocol"] is not { } node)
            return [];
        var items = node is PlanNode.Scalar ? [node] : ScalarReader.Items(node, fields.PathTo("subprotocol"), 20, Remedy, fields.Problems);
        var tokens = new List<string>();
        foreach (var item in items)
        {
            if (!ScalarReader.TryRead<string>(item, fields.PathTo("subprotocol"), HeaderReader.ParseToken, fields.Problems, out var token))
                continue;
            if (tokens.Contains(token))
                fields.Problems.Add(item, fields.PathTo("subprotocol"), "is given twice", "Keep one of them.");
            tokens.Add(token);
        }

        return tokens;
    }
}
