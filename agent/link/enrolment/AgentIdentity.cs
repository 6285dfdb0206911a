using System.Security.Cryptography;
using System.Text.Json.Serialization;
using System.Text.Json;
using Pressure.Record;

namespace Pressure.Agent;

/// <summary>Who this agent is: the file <c>agent.json</c> of its data folder, which nobody else may read.</summary>
/// <param name="Agent">Its id.</param>
/// <param name="Name">Its name when it was enrolled.</param>
/// <param name="Server">The service: <c>https://host:port</c>.</param>
/// <param name="Pin">The key that the service showed at enrolment.</param>
/// <param name="Labels">The host's labels.</param>
/// <param name="Key">The agent's private key (PKCS#8), made here; it never leaves this file.</param>
/// <param name="Ca">The authority (PEM) that the service was told to be known by; null if only the key counts.</param>
public sealed record AgentIdentity(string Agent, string Name, Uri Server, string Pin, IReadOnlyDictionary<string, string> Labels, byte[] Key, string? Ca = null)
{
    private const string File = "agent.json";

    /// <summary>Which server is the centre.</summary>
    /// <exception cref="InvalidDataException">The file has been tampered with.</exception>
    public ServerTrust Trust()
    {
        try
        {
            var pin = KeyPin.Parse(Pin) ?? throw new CryptographicException("The pin is none.");
            return Ca is { } ca ? ServerTrust.InAuthority(pin, ca) : ServerTrust.InKey(pin);
        }
        catch (CryptographicException e)
        {
            throw new InvalidDataException($"What the agent trusts can't be read: {e.Message}", e);
        }
    }

    /// <summary>Signs with the agent's key.</summary>
    public byte[] Sign(ReadOnlySpan<byte> bytes)
    {
        using var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(Key, out _);
        return key.SignData(bytes, HashAlgorithmName.SHA256);
    }

    /// <summary>The identity in a data folder; null if no agent was enrolled there.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder is not ours.</exception>
    public static AgentIdentity? Read(string data)
    {
        var path = Path.Combine(data, File);
        if (!System.IO.File.Exists(path))
            return null;
        try
        {
            return JsonSerializer.Deserialize(System.IO.File.ReadAllBytes(path), IdentityJson.Default.AgentIdentity) ?? throw new InvalidDataException($"{path} is empty.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{path} can't be understood: {e.Message}", e);
        }
    }

    /// <summary>Puts the identity into a data folder, whole or not at all.</summary>
    public void Write(string data) =>
        WholeFile.WriteSecret(Path.Combine(data, File), JsonSerializer.SerializeToUtf8Bytes(this, IdentityJson.Default.AgentIdentity));

    /// <summary>Makes a data folder that nobody else can look into, if it is not there.</summary>
    public static void MakeFolder(string data)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(data);
        else
            Directory.CreateDirectory(data, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    // The key does not belong into a log.
    private bool PrintMembers(System.Text.StringBuilder text)
    {
        text.Append(Agent).Append(' ').Append(Name).Append(' ').Append(Server.Authority);
        return true;
    }
}

/// <summary>The types of enrolment as JSON.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(AgentIdentity))]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(EnrolmentAsk))]
[JsonSerializable(typeof(EnrolmentAnswer))]
[JsonSerializable(typeof(EnrolmentProblem))]
internal sealed partial class IdentityJson : JsonSerializerContext;
