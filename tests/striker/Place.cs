namespace Pressure.Striker;

/// <summary>Folders for a round, gone with it.</summary>
internal sealed class Place : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("pressure-striker-");

    public string State => Directory.CreateDirectory(Path.Combine(_root.FullName, "state")).FullName;

    public string Notes => Directory.CreateDirectory(Path.Combine(_root.FullName, "notes")).FullName;

    public void Dispose() => _root.Delete(recursive: true);
}
