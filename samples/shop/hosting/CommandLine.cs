using System.Globalization;

namespace Shop;

/// <summary>The program's arguments.</summary>
internal static class CommandLine
{
    public const int DefaultPort = 5080;

    public const string Help = """
        The sample shop: four small services whose behaviour can be set while they run. Loopback only unless told otherwise.

          shop --all [--port 5080]      gateway, item, cart, order in one process on consecutive ports; 0 for free ones
          shop --role ROLE --port PORT  one service (more with --role again); a gateway needs --item URL --cart URL --order URL
               --item URL again      a further instance, with which the first takes turns
               --network                in a container: listens on all addresses, the others may be anywhere

        When ready, one line of JSON with the services' URLs goes to stdout. Ctrl-C stops.
        With --until-stdin-closes it ends with whoever started it, and leaves Ctrl-C to them.

        Each service: GET /health
                      PUT /_behaviour {"delay":"5ms","delayJitter":"1ms","errorRate":0.01,"capacity":100,
                                       "whenFull":"queue|reject","allocate":65536,"freeze":"2s"}   (replaces all; {} is healthy)
                      GET /_behaviour, GET /_stats, POST /_stats/reset
        Gateway:      GET /, GET /item/{id}, GET /search?q=, GET /cart/{user}, POST /cart/{user} {"item":1}, POST /order {"item":1},
                      WebSocket /chat (says again what it hears)
        """;

    /// <summary>A child of another program: a terminal sends Ctrl-C to both, and the other one may still need the shop.</summary>
    public const string UntilStdinCloses = "--until-stdin-closes";

    /// <summary>Reads the arguments; all that is wrong goes to <paramref name="problems"/>.</summary>
    public static ShopOptions Parse(IReadOnlyList<string> args, List<string> problems)
    {
        var options = new ShopOptions { Port = DefaultPort, Roles = [] };
        var elsewhere = new Dictionary<ShopRole, List<Uri>>();
        for (var i = 0; i < args.Count; i++)
        {
            if (args[i] == UntilStdinCloses)
                continue;
            if (args[i] == "--all")
            {
                options = options with { Roles = ShopOptions.AllRoles };
                continue;
            }

            if (args[i] == "--network")
            {
                options = options with { OnNetwork = true };
                continue;
            }

            var value = i + 1 < args.Count ? args[i + 1] : "";
            switch (args[i++])
            {
                case "--role" when RoleOf(value) is { } own:
                    options = options with { Roles = [.. options.Roles, own] };
                    break;
                case "--port" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var port):
                    options = options with { Port = port };
                    break;
                case "--item" or "--cart" or "--order" when Uri.TryCreate(value, UriKind.Absolute, out var url):
                    var role = RoleOf(args[i - 1][2..])!.Value;
                    elsewhere[role] = [.. elsewhere.GetValueOrDefault(role, []), url];
                    break;
                default:
                    problems.Add($"{args[i - 1]} {value}".TrimEnd() + " is not understood. See shop --help.");
                    break;
            }
        }

        options = options with
        {
            Elsewhere = elsewhere.ToDictionary(e => e.Key, e => e.Value[0]),
            Replicas = elsewhere.Where(e => e.Value.Count > 1).ToDictionary(e => e.Key, e => (IReadOnlyList<Uri>)e.Value[1..]),
        };
        if (problems.Count == 0)
            problems.AddRange(options.Problems());
        return options;
    }

    private static ShopRole? RoleOf(string text) => text switch
    {
        "gateway" => ShopRole.Gateway,
        "item" => ShopRole.Item,
        "cart" => ShopRole.Cart,
        "order" => ShopRole.Order,
        _ => null,
    };
}
