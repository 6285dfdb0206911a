using Pressure.Reports;
using Pressure.Web.Hosting;

namespace Pressure.Web.Health;

/// <summary>Whether the folder of the runs can be written, and has room.</summary>
internal sealed class DiskCheck(string runsFolder) : IHealthCheck
{
    private const long TooLittle = 100L << 20;
    private const long Little = 1L << 30;

    public string Name => "disk";

    public Task<HealthFinding> CheckAsync() => Task.FromResult(Check());

    /// <summary>Bytes that are left for runs; null if nobody can tell.</summary>
    public static long? FreeBytes(string folder)
    {
        try
        {
            return new DriveInfo(folder).AvailableFreeSpace;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    private HealthFinding Check()
    {
        try
        {
            WritableFolder.Ensure(runsFolder);
        }
        catch (IOException e)
        {
            return new(HealthLevel.Failing, e.Message);
        }
        return FreeBytes(runsFolder) switch
        {
            null => new(HealthLevel.Warning, "nobody can tell how much room is left for runs"),
            < TooLittle and var free => new(HealthLevel.Failing, $"only {Figures.Bytes(free)} are left for runs"),
            < Little and var free => new(HealthLevel.Warning, $"only {Figures.Bytes(free)} are left for runs"),
            var free => new(HealthLevel.Ok, $"{Figures.Bytes(free.Value)} are left for runs"),
        };
    }
}
