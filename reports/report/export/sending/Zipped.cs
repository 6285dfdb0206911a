using System.IO.Compression;

namespace Pressure.Reports.Export;

/// <summary>Bodies of requests, compressed.</summary>
internal static class Zipped
{
    public static ByteArrayContent Content(Action<Stream> write)
    {
        var content = new ByteArrayContent(Bytes(write));
        content.Headers.ContentEncoding.Add("gzip");
        return content;
    }

    public static byte[] Bytes(Action<Stream> write)
    {
        using var bytes = new MemoryStream();
        using (var zip = new GZipStream(bytes, CompressionLevel.Fastest))
            write(zip);
        return bytes.ToArray();
    }
}
