namespace Pressure.TestKit;

/// <summary>A folder of its own for a test, deleted afterwards.</summary>
public sealed class TempFolder : IDisposable
{
    /// <summary>Full path.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("pressure-test-").FullName;

    /// <summary>A path inside.</summary>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <inheritdoc/>
    public void Dispose()
    {
        for (var tries = 1; Directory.Exists(Path); tries++)
        {
            try
            {
                Directory.Delete(Path, recursive: true);
            }
            catch (IOException) when (tries < 100)
            {
                // Whoever a test left for dead may write a file just now.
            }
        }
    }
}
