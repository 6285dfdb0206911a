namespace Pressure.Deploy.Tests;

/// <summary>One image for all tests of it, one after the other.</summary>
[CollectionDefinition(nameof(PressureImage))]
public sealed class ImageCollection : ICollectionFixture<PressureImage>;

/// <summary>An engine with the image in it, built as an operator builds it: by build/image.sh on a base of one's own.</summary>
public sealed class PressureImage : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private DockerEngine? _engine;

    /// <summary>The engine.</summary>
    public DockerEngine Engine => _engine!;

    /// <summary>What points <c>docker</c> at the engine.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; private set; } = new Dictionary<string, string>();

    /// <summary>The repository's folder.</summary>
    public static string Root { get; } = FindRoot();

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        _engine = await DockerEngine.StartAsync();
        Environment = new Dictionary<string, string> { ["DOCKER_HOST"] = $"unix://{_engine.Socket}", ["DOCKER_CONFIG"] = _folder.Path };
        BaseImage.Write(_folder.File("base.tar"));
        await Command.MustAsync("docker", Environment, "import", _folder.File("base.tar"), "base:test");
        await Command.MustAsync(Path.Combine(Root, "build/image.sh"), Environment, "--base", "base:test", "--tag", "pressure:test");
    }

    /// <summary><c>docker run</c> of a short-lived container without a network.</summary>
    internal Task<(int Code, string Output, string Errors)> RunAsync(params string[] arguments) =>
        Command.RunAsync("docker", Environment, ["run", "--rm", "--network", "none", "--read-only", "--tmpfs", "/tmp", "--cap-drop", "ALL", .. arguments]);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_engine is not null)
            await _engine.DisposeAsync();
        _folder.Dispose();
    }

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Pressure.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new IOException("Not within the repository.");
        return folder;
    }
}
