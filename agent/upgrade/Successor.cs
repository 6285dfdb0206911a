using System.ComponentModel;
using System.Diagnostics;

namespace Pressure.Agent;

/// <summary>
/// A newer program that was started beside this one, as this one sees it. They talk in lines over its standard input and output:
/// <code>
/// old                                new (pressure-agent run --replaces INSTANCE)
///  |  ─── starts it ──────────────────▶ |  reads its files, looks for the centre
///  |  ◀── ready ─────────────────────── |
///  |  lets go of the ring               |
///  |  ─── take ───────────────────────▶ |  takes the ring, samples, connects
///  |  ◀── serving ───────────────────── |
///  |  waits a while: does it live?      |
///  |  leaves when its commands are done |
/// </code>
/// </summary>
internal sealed class Successor : IDisposable
{
    private const int TextFileBusy = 26;

    private readonly Process _process;
    private readonly TimeProvider _time;

    private Successor(Process process, TimeProvider time) => (_process, _time) = (process, time);

    /// <summary>Its process id.</summary>
    public int Pid => _process.Id;

    /// <summary>Starts a program.</summary>
    /// <exception cref="Win32Exception">It can't be run.</exception>
    public static async Task<Successor> StartAsync(string program, string data, Guid instance, TimeProvider time)
    {
        var start = new ProcessStartInfo(program, ["run", "--data", data, "--replaces", instance.ToString()]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return new Successor(Process.Start(start)!, time);
            }
            catch (Win32Exception e) when (e.NativeErrorCode == TextFileBusy && attempt < 100)
            {
                // Its file was written a moment ago: a child that was being started just then holds it open for writing until it becomes its own program.
                await Task.Delay(TimeSpan.FromMilliseconds(100), time);
            }
        }
    }

    /// <summary>Waits for a word of it; false if it says another, ends, or takes too long.</summary>
    public async Task<bool> SaysAsync(string word, TimeSpan patience)
    {
        try
        {
            return await _process.StandardOutput.ReadLineAsync().WaitAsync(patience, _time) == word;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>Tells it a word.</summary>
    public async Task TellAsync(string word)
    {
        try
        {
            await _process.StandardInput.WriteLineAsync(word);
            await _process.StandardInput.FlushAsync();
        }
        catch (IOException)
        {
            // It is gone, which shows when its answer stays away.
        }
    }

    /// <summary>Whether it still runs after a while.</summary>
    public async Task<bool> LivesAsync(TimeSpan after)
    {
        try
        {
            await _process.WaitForExitAsync().WaitAsync(after, _time);
            return false;
        }
        catch (TimeoutException)
        {
            return true;
        }
    }

    /// <summary>Ends it, and returns when it is gone: nothing of it may hold the ring.</summary>
    public async Task EndAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
    }

    public void Dispose() => _process.Dispose();
}
