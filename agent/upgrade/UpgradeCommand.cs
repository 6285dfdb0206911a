using System.Text.Json;

namespace Pressure.Agent;

/// <summary><c>upgrade {version, sha256}</c>: fetches that version from the centre, starts it beside this one and hands over.</summary>
/// <param name="identity">Tells where to fetch it.</param>
/// <param name="installed">Where programs lie; null if this one was not installed by the script.</param>
/// <param name="rid">The platform.</param>
/// <param name="handOver">Starts a program and hands over to it; its second argument makes it the one that a restart starts.</param>
public sealed class UpgradeCommand(AgentIdentity identity, InstalledProgram? installed, string rid, Func<string, Action, Task<string?>> handOver) : IAgentCommand
{
    /// <inheritdoc/>
    public string Name => "upgrade";

    /// <inheritdoc/>
    public async Task<CommandOutcome> RunAsync(JsonElement? body, CancellationToken stop)
    {
        if (Read(body) is not { } ask)
            return CommandOutcome.Failed("Takes { version, sha256 }: a version's name and 64 hex digits.");
        if (installed is null)
            return CommandOutcome.Failed("This agent was not installed by the service's script; upgrade it the way it was installed.");
        if (ask.Version == installed.Version)
            return CommandOutcome.Failed($"This agent is version {ask.Version} already.");
        var download = installed.DownloadPath();
        try
        {
            if (await ReleaseDownload.FetchAsync(identity, rid, ask.Sha256, download, stop) is { } notFetched)
                return CommandOutcome.Failed($"No upgrade: {notFetched}.");
            var program = installed.Add(ask.Version, download);
            return await handOver(program, () => installed.MakeCurrent(ask.Version)) is { } failed
                ? CommandOutcome.Failed($"No upgrade: {failed}.")
                : new CommandOutcome(body);
        }
        finally
        {
            File.Delete(download);
        }
    }

    private static UpgradeAsk? Read(JsonElement? body)
    {
        try
        {
            return body?.Deserialize(CommandJson.Default.UpgradeAsk) is { } ask && InstalledProgram.IsVersion(ask.Version) && ask.Sha256 is { Length: 64 } sha && sha.All(char.IsAsciiHexDigit) ? ask : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <param name="Version">The version's name.</param>
    /// <param name="Sha256">What its file hashes to.</param>
    internal sealed record UpgradeAsk(string Version, string Sha256);
}
