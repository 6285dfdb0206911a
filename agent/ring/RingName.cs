using System.Globalization;

namespace Pressure.Agent;

/// <summary>What a ring is called, on disk in the file <c>ring</c> of its folder.</summary>
/// <param name="Id">A new one whenever numbers would no longer mean what the centre thinks they do.</param>
/// <param name="Floor">Entries below this number belong to an older name.</param>
internal sealed record RingName(Guid Id, long Floor)
{
    private const string File = "ring";

    /// <summary>The name in a folder; null if there is none that can be read.</summary>
    public static RingName? Read(string folder)
    {
        var path = Path.Combine(folder, File);
        if (!System.IO.File.Exists(path))
            return null;
        var parts = System.IO.File.ReadAllText(path).Split(' ', '\n');
        return parts.Length >= 2 && Guid.TryParseExact(parts[0], "N", out var id) && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var floor)
            ? new RingName(id, floor)
            : null;
    }

    /// <summary>Puts the name into a folder, whole or not at all.</summary>
    public void Write(string folder)
    {
        var path = Path.Combine(folder, File);
        // Not forced to the disk: a power cut can only take the name of a ring that is seconds old, which costs no more than those seconds.
        System.IO.File.WriteAllText(path + ".new", string.Create(CultureInfo.InvariantCulture, $"{Id:N} {Floor}\n"));
        System.IO.File.Move(path + ".new", path, overwrite: true);
    }
}
