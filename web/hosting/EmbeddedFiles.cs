namespace Pressure.Web.Hosting;

/// <summary>Files that are part of the assembly.</summary>
internal static class EmbeddedFiles
{
    /// <summary>The bytes of a file; null when there is none of that name.</summary>
    public static byte[]? TryRead(string name)
    {
        using var stream = typeof(EmbeddedFiles).Assembly.GetManifestResourceStream(name);
        if (stream is null)
            return null;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    public static byte[] Read(string name) => TryRead(name) ?? throw new InvalidOperationException($"{name} was not embedded.");
}
