namespace Pressure.TrafficCopy;

/// <summary>Says which names are masked in a place, and remembers what it said.</summary>
internal sealed class MaskedNames
{
    // Names come from strangers; the usual ones are far fewer.
    private const int MostRemembered = 4096;
    private const int LongestRemembered = 256;

    private readonly WildcardPattern[] _masked;
    private readonly WildcardPattern[] _kept;
    private readonly bool _secrets;
    private readonly Dictionary<byte[], bool> _said = EndpointKey.Table<bool>();
    private readonly Dictionary<byte[], bool>.AlternateLookup<ReadOnlySpan<byte>> _lookup;

    public MaskedNames(MaskRules rules, MaskPlace place)
    {
        _masked = [.. rules.Names.Where(n => n.Place == place).Select(n => new WildcardPattern(n.Name, ignoreCase: true))];
        _kept = [.. rules.Kept.Where(n => n.Place == place).Select(n => new WildcardPattern(n.Name, ignoreCase: true))];
        _secrets = rules.Secrets;
        AllOfThem = rules.Secrets && place == MaskPlace.Cookie;
        IsEmpty = !_secrets && _masked.Length == 0;
        _lookup = _said.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    /// <summary>Whether no name is masked.</summary>
    public bool IsEmpty { get; }

    private bool AllOfThem { get; }

    /// <summary>Whether what has this name is masked.</summary>
    public bool Has(ReadOnlySpan<byte> name)
    {
        if (IsEmpty)
            return false;
        if (_lookup.TryGetValue(name, out var said))
            return said;
        var has = !Matches(_kept, name) && (AllOfThem || Matches(_masked, name) || (_secrets && SecretNames.Is(name)));
        if (_said.Count < MostRemembered && name.Length <= LongestRemembered)
            _said.Add(name.ToArray(), has);
        return has;
    }

    /// <summary>Whether a value gives itself away, whatever its name is.</summary>
    public bool HasValue(ReadOnlySpan<byte> value) => _secrets && WebToken.Find(value) is not null;

    private static bool Matches(WildcardPattern[] patterns, ReadOnlySpan<byte> name)
    {
        foreach (var pattern in patterns)
        {
            if (pattern.IsMatch(name))
                return true;
        }

        return false;
    }
}
