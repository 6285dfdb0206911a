namespace Shop;

/// <summary>Which services to start, and where.</summary>
public sealed record ShopOptions
{
    /// <summary>All four.</summary>
    public static IReadOnlyList<ShopRole> AllRoles { get; } = Enum.GetValues<ShopRole>();

    /// <summary>Services of this process.</summary>
    public IReadOnlyList<ShopRole> Roles { get; init; } = AllRoles;

    /// <summary>Port of the first role, the others follow consecutively; 0 for free ports.</summary>
    public int Port { get; init; }

    /// <summary>For containers: listens on all addresses and may know others anywhere, where everything is kept to 127.0.0.1 otherwise.</summary>
    public bool OnNetwork { get; init; }

    /// <summary>Where roles outside this process listen (loopback, unless <see cref="OnNetwork"/>); a gateway needs all three others, from here or in <see cref="Roles"/>.</summary>
    public IReadOnlyDictionary<ShopRole, Uri> Elsewhere { get; init; } = new Dictionary<ShopRole, Uri>();

    /// <summary>Further instances of roles in <see cref="Elsewhere"/>, with which they take turns.</summary>
    public IReadOnlyDictionary<ShopRole, IReadOnlyList<Uri>> Replicas { get; init; } = new Dictionary<ShopRole, IReadOnlyList<Uri>>();

    /// <summary>The clock behind delays and freezes.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>All that is wrong, each as a sentence with its remedy; empty when the shop can start.</summary>
    public IReadOnlyList<string> Problems()
    {
        var problems = new List<string>();
        if (Roles.Count == 0 || Roles.Distinct().Count() != Roles.Count)
            problems.Add("No role, or a role twice. Name each role once.");
        if (Port < 0 || Port + Math.Max(Roles.Count, 1) - 1 > 65_535)
            problems.Add($"Port {Port} leaves no room for {Roles.Count} ports up to 65535. Choose a smaller one, or 0 for free ports.");
        foreach (var (role, url) in Elsewhere.Concat(Replicas.SelectMany(r => r.Value, (r, url) => KeyValuePair.Create(r.Key, url))))
        {
            if (!url.IsAbsoluteUri || url.Scheme != Uri.UriSchemeHttp || (!OnNetwork && !url.IsLoopback))
                problems.Add($"The {role} service's address {url} is not an http URL on this machine. Give one such as http://127.0.0.1:5081.");
        }

        if (Roles.Contains(ShopRole.Gateway))
        {
            foreach (var role in AllRoles.Where(r => !Roles.Contains(r) && !Elsewhere.ContainsKey(r)))
                problems.Add($"The gateway does not know where the {role} service is. Start it in this process too, or give its URL.");
        }

        return problems;
    }
}
