using System.Text.Json.Serialization.Metadata;

namespace Pressure.Record;

/// <summary>A file of a run folder that is written whole, and may be written again.</summary>
internal static class RenewedFile
{
    /// <summary>Nothing that this program writes is nearly as long.</summary>
    public const long MostBytes = 16 << 20;

    /// <summary>Reads it; null when it is not there, or (<paramref name="torn"/> says why) can't be used.</summary>
    public static T? Read<T>(string folder, string name, JsonTypeInfo<T> type, Func<T, string?> whyUnsound, out TornTail? torn)
        where T : class
    {
        torn = null;
        var file = new FileInfo(Path.Combine(folder, name));
        if (!file.Exists)
            return null;
        var why = $"the file is longer than {MostBytes >> 20} MiB";
        try
        {
            if (file.Length <= MostBytes)
            {
                var read = RecordJson.Read(File.ReadAllBytes(file.FullName), type);
                why = whyUnsound(read);
                if (why is null)
                    return read;
            }
        }
        catch (InvalidDataException e)
        {
            why = e.Message;
        }
        torn = new TornTail(name, 0, file.Length) { Why = why };
        return null;
    }
}
