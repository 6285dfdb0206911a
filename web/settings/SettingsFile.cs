using System.Text.Json;
using Pressure.Chaos;
using Pressure.LoadGen;

namespace Pressure.Web.Settings;

/// <summary>The service's settings, kept in <c>settings.json</c>. Thread-safe.</summary>
internal sealed class SettingsFile
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };
    private readonly Lock _gate = new();
    private ServiceSettings _current;

    private readonly IKeptFiles? _shared;

    /// <param name="options">The service's options.</param>
    /// <param name="shared">How they are changed where several nodes have them; null for this one alone.</param>
    /// <exception cref="IOException">The file is there and can't be understood.</exception>
    public SettingsFile(WebOptions options, IKeptFiles? shared = null)
    {
        _shared = shared;
        Path = System.IO.Path.Combine(options.RunsFolder, "settings.json");
        FromCommandLine = options.Allow;
        _current = Read();
    }

    public string Path { get; }

    /// <summary>Hosts allowed by whoever started the service; the page can't take them away.</summary>
    public IReadOnlyList<string> FromCommandLine { get; }

    public ServiceSettings Current
    {
        get
        {
            lock (_gate)
                return _current;
        }
    }

    /// <summary>The guard by the settings of this moment.</summary>
    public TargetGuard Guard() => new(FromCommandLine.Concat(Current.Allow));

    /// <summary>Writes beside the file and renames, so that a crash leaves the old settings or the new, nothing in between.</summary>
    /// <exception cref="IOException">The file can't be written; the settings are as before.</exception>
    /// <exception cref="UnauthorizedAccessException">As above.</exception>
    public void Save(ServiceSettings settings)
    {
        if (_shared is not null)
        {
            _shared.Write(Path, JsonSerializer.Serialize(settings, Json));
            Reload();
            return;
        }
        lock (_gate)
        {
            var beside = Path + ".new";
            using (var file = new FileStream(beside, FileMode.Create, FileAccess.Write))
            {
                JsonSerializer.Serialize(file, settings, Json);
                file.Flush(flushToDisk: true);
            }
            File.Move(beside, Path, overwrite: true);
            _current = settings;
        }
    }

    /// <summary>Takes note of what another node has changed. What can't be read changes nothing.</summary>
    public void Reload()
    {
        try
        {
            var read = Read();
            lock (_gate)
                _current = read;
        }
        catch (IOException)
        {
            // A damaged copy must not open what was closed; the next start tells of it.
        }
    }

    private ServiceSettings Read()
    {
        if (!File.Exists(Path))
            return new ServiceSettings();
        try
        {
            return JsonSerializer.Deserialize<ServiceSettings>(File.ReadAllBytes(Path), Json) is { Allow: not null } read ? read : new ServiceSettings();
        }
        catch (Exception e) when (e is JsonException or UnauthorizedAccessException)
        {
            throw new IOException($"The settings in {Path} can't be read: {e.Message} Mend the file, or delete it to start with no allowed hosts.", e);
        }
    }
}
