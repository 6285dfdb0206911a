using System.Text;

namespace Pressure.Cli.ConsoleOutput;

/// <summary>Writes a plan that a command made, never over another file unless told to.</summary>
internal static class PlanFile
{
    /// <summary>Writes it; if that can't be, why, and what to do.</summary>
    public static (string Message, string Remedy)? Write(string path, string yaml, bool force)
    {
        try
        {
            using var file = new FileStream(path, force ? FileMode.Create : FileMode.CreateNew, FileAccess.Write);
            file.Write(Encoding.UTF8.GetBytes(yaml));
            return null;
        }
        catch (IOException) when (!force && File.Exists(path))
        {
            return ("there is such a file already", "Name another, or overwrite it with --force.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return ($"the plan can't be written: {e.Message.TrimEnd('.')}", "Name a file in a folder that exists and can be written to.");
        }
    }
}
