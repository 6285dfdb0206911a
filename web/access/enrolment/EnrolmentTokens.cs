using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Pressure.Chaos;

namespace Pressure.Web.Access;

/// <summary>One-time tokens: one file each, named after its id, with the secret's SHA-256. Thread-safe.</summary>
public sealed class EnrolmentTokens
{
    /// <summary>How long a token may last at the most.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    /// <summary>What is over is told of for a while.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromDays(7);

    private const string Prefix = "pressure1";
    private const int MostTokens = 100_000;
    private readonly Lock _gate = new();
    private readonly string _folder;
    private readonly string _pin;
    private readonly AgentRegistry _registry;
    private readonly TimeProvider _time;
    private readonly IKeptFiles? _shared;
    private readonly Dictionary<string, Stored> _byHash = new(StringComparer.Ordinal);

    internal EnrolmentTokens(string folder, string pin, AgentRegistry registry, TimeProvider time, IKeptFiles? shared = null)
    {
        (_folder, _pin, _registry, _time, _shared) = (folder, pin, registry, time, shared);
        foreach (var file in Directory.EnumerateFiles(folder, "*.json"))
        {
            if (AccessJson.Read<Stored>(file) is { } stored)
                _byHash[stored.Hash] = stored;
        }
    }

    /// <summary>Every token that can be used or was of late, the newest first.</summary>
    public IReadOnlyList<EnrolmentToken> All
    {
        get
        {
            lock (_gate)
            {
                Forget();
                return [.. _byHash.Values.Select(s => s.Token).OrderByDescending(t => t.CreatedAt)];
            }
        }
    }

    /// <summary>Makes a token.</summary>
    /// <exception cref="ArgumentException">The lifetime, the name or a label is not right, or there are too many tokens; the message says it for people.</exception>
    /// <exception cref="IOException">It can't be written.</exception>
    public NewEnrolmentToken Create(TimeSpan lifetime, string? name = null, IReadOnlyDictionary<string, string>? labels = null)
    {
        if (lifetime <= TimeSpan.Zero || lifetime > Longest)
            throw new ArgumentException($"A token lasts up to {Longest.TotalDays} days.", nameof(lifetime));
        if (name is not null && AgentNames.Fit(name) != name)
            throw new ArgumentException("A host's name has at most 63 letters, digits, dots, dashes or underscores.", nameof(name));
        if (AgentNames.ProblemOf(labels) is { } problem)
            throw new ArgumentException(problem, nameof(labels));
        var secret = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        var now = _time.GetUtcNow();
        var token = new EnrolmentToken(RandomNumberGenerator.GetHexString(12, lowercase: true), name, labels ?? new Dictionary<string, string>(), now, now + lifetime);
        lock (_gate)
        {
            Forget();
            if (_byHash.Count >= MostTokens)
                throw new ArgumentException($"There are {MostTokens} tokens already. Remove some that nobody needs.");
            Keep(new Stored(HashOf(secret), token));
        }
        return new NewEnrolmentToken(token, $"{Prefix}.{secret}.{_pin}");
    }

    /// <summary>Makes a token worthless; false if there is none of that id.</summary>
    public bool Remove(string id)
    {
        lock (_gate)
        {
            if (_byHash.Values.FirstOrDefault(s => s.Token.Id == id) is not { } stored)
                return false;
            Drop(stored);
            return true;
        }
    }

    /// <summary>
    /// Uses a token up: of several hosts that come with it one gets in. The host that got in may ask again with the same key, since the first answer may
    /// have been lost.
    /// </summary>
    /// <exception cref="IOException">The new agent can't be written; the token is as before.</exception>
    internal (AgentRecord? Agent, EnrolmentRefusal? Refusal) Use(string text, string host, byte[] key, IReadOnlyDictionary<string, string> said)
    {
        var now = _time.GetUtcNow();
        lock (_gate)
        {
            if (SecretOf(text) is not { } secret || !_byHash.TryGetValue(HashOf(secret), out var stored))
                return (null, EnrolmentRefusal.Unknown);
            if (stored.Token.ExpiresAt <= now)
                return (null, EnrolmentRefusal.Expired);
            if (stored.Token.Agent is { } before)
                return _registry.ById(before)?.Record is { } same && same.Key.AsSpan().SequenceEqual(key) ? (same, null) : (null, EnrolmentRefusal.Used);
            // Used up first: a crash in between costs a token, never lets a second host in.
            var id = AgentRegistry.NewId();
            if (!TryUse(stored, stored with { Token = stored.Token with { UsedAt = now, Agent = id } }))
                return (null, EnrolmentRefusal.Used);
            AgentRecord? agent = null;
            try
            {
                agent = _registry.Enrol(id, stored.Token.Name ?? host, key, stored.Token.Labels, said);
            }
            finally
            {
                if (agent is null)
                    Keep(stored);
            }
            return agent is null ? (null, EnrolmentRefusal.Full) : (agent, null);
        }
    }

    /// <summary>Takes note of a token that another node has made, used or removed.</summary>
    /// <exception cref="IOException">Its file can't be read.</exception>
    internal void Reload(string file)
    {
        lock (_gate)
        {
            var id = Path.GetFileNameWithoutExtension(file);
            if (AccessJson.Read<Stored>(Path.Combine(_folder, Path.GetFileName(file))) is { } stored)
                _byHash[stored.Hash] = stored;
            else if (_byHash.Values.FirstOrDefault(s => s.Token.Id == id) is { } gone)
                _byHash.Remove(gone.Hash);
        }
    }

    /// <summary>Notes a token as used, unless a host has used it at another node meanwhile.</summary>
    private bool TryUse(Stored before, Stored used)
    {
        if (_shared is null)
        {
            Keep(used);
            return true;
        }
        var mine = false;
        _shared.Change(FileOf(before), text =>
        {
            mine = text == AccessJson.Text(before);
            return mine ? AccessJson.Text(used) : text;
        });
        if (mine)
            _byHash[used.Hash] = used;
        return mine;
    }

    private void Keep(Stored stored)
    {
        if (_shared is not null)
            _shared.Write(FileOf(stored), AccessJson.Text(stored));
        else
            AccessJson.Write(FileOf(stored), stored);
        _byHash[stored.Hash] = stored;
    }

    private void Drop(Stored stored)
    {
        if (_shared is not null)
            _shared.Delete(FileOf(stored));
        else
            File.Delete(FileOf(stored));
        _byHash.Remove(stored.Hash);
    }

    private void Forget()
    {
        var before = _time.GetUtcNow() - Memory;
        foreach (var old in _byHash.Values.Where(s => s.Token.ExpiresAt < before).ToList())
            Drop(old);
    }

    private string FileOf(Stored stored) => Path.Combine(_folder, stored.Token.Id + ".json");

    private static string? SecretOf(string text) => text.Split('.') is [Prefix, { Length: > 0 and <= 64 } secret, ..] ? secret : null;

    private static string HashOf(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    private sealed record Stored(string Hash, EnrolmentToken Token);
}
