using System.Text.Json;
using Pressure.Record;

namespace Pressure.Agent;

/// <summary>
/// Where the service is reached: at the address of the enrolment, and at those that it has told since, its nodes. They are tried in turn, beginning with the one that
/// worked last. What was told is kept in the data folder, for a start when the first is away. Thread-safe.
/// </summary>
public sealed class AgentServers
{
    private const int Most = 16;
    private const string FileName = "servers.json";

    private readonly Lock _gate = new();
    private readonly Uri _enrolled;
    private readonly string? _file;
    private List<Uri> _all;
    private int _current;

    /// <param name="enrolled">The address of the enrolment, which is always one of them.</param>
    /// <param name="data">The data folder; null to keep nothing.</param>
    public AgentServers(Uri enrolled, string? data = null)
    {
        (_enrolled, _file) = (enrolled, data is null ? null : Path.Combine(data, FileName));
        _all = With(Read());
    }

    /// <summary>How many there are.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _all.Count;
        }
    }

    /// <summary>The one to dial.</summary>
    public Uri Current
    {
        get
        {
            lock (_gate)
                return _all[_current];
        }
    }

    /// <summary>Goes on to the next.</summary>
    public void MoveOn()
    {
        lock (_gate)
            _current = (_current + 1) % _all.Count;
    }

    /// <summary>Takes note of what the service told; what is no address of a service is left out.</summary>
    public void Learn(IReadOnlyList<string>? told)
    {
        if (told is null)
            return;
        lock (_gate)
        {
            var current = _all[_current];
            var all = With(told);
            // The one that answers stays, whether it was told or not.
            if (!all.Contains(current))
                all = [.. all.Take(Most), current];
            if (all.SequenceEqual(_all))
                return;
            (_all, _current) = (all, all.IndexOf(current));
            Write();
        }
    }

    private List<Uri> With(IEnumerable<string> told) =>
        [.. told.Where(t => t.Length <= 300).Take(Most).Select(t => Uri.TryCreate(t, UriKind.Absolute, out var uri) ? uri : null).OfType<Uri>()
            .Where(u => u.Scheme == Uri.UriSchemeHttps && u.Host.Length > 0 && u.PathAndQuery == "/" && u.UserInfo.Length == 0).Prepend(_enrolled).Distinct()];

    private string[] Read()
    {
        try
        {
            return _file is not null && File.Exists(_file) ? JsonSerializer.Deserialize(File.ReadAllBytes(_file), IdentityJson.Default.StringArray) ?? [] : [];
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            // The service tells it again.
            return [];
        }
    }

    private void Write()
    {
        try
        {
            if (_file is not null)
                WholeFile.WriteSecret(_file, JsonSerializer.SerializeToUtf8Bytes([.. _all.Select(u => u.AbsoluteUri)], IdentityJson.Default.StringArray));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Known to this process at least.
        }
    }
}
