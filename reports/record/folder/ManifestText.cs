using System.Text;
using System.Text.Json;

namespace Pressure.Record;

/// <summary>A manifest as text, as it stands in a run folder: what is sent to those who make a part of the run elsewhere.</summary>
public static class ManifestText
{
    /// <summary>Writes it.</summary>
    public static string Write(RunManifest manifest) => JsonSerializer.Serialize(manifest, RecordJson.Manifest);

    /// <summary>Reads it.</summary>
    /// <exception cref="InvalidDataException">It is no manifest, or one of a newer version.</exception>
    public static RunManifest Read(string text)
    {
        var manifest = RecordJson.Read(Encoding.UTF8.GetBytes(text), RecordJson.Manifest);
        return manifest.Format <= RunManifest.CurrentFormat
            ? manifest
            : throw new InvalidDataException($"The manifest has format {manifest.Format}, this program reads up to {RunManifest.CurrentFormat}.");
    }
}
