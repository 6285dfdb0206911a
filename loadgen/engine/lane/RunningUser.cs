namespace Pressure.LoadGen.Engine;

/// <summary>One user of a closed load, who runs one iteration after the other, and may keep its cookies over them.</summary>
internal sealed class RunningUser(int number, bool keepsCookies = false)
{
    /// <summary>Whether it keeps its cookies from one iteration to the next.</summary>
    public bool KeepsCookies { get; } = keepsCookies;

    /// <summary>Its cookies; null before the first.</summary>
    public CookieJar? Cookies { get; set; }

    /// <summary>Number within the run, from 0.</summary>
    public int Number { get; } = number;

    /// <summary>Before this the user doesn't begin again, however soon the iteration ends.</summary>
    public TimeSpan NotBefore { get; set; }

    /// <summary>Whether an iteration of the user's is under way.</summary>
    public bool IsRunning { get; set; }

    /// <summary>When the user begins again, if not running; <see cref="TimeSpan.MaxValue"/> when not foreseen.</summary>
    public TimeSpan Due { get; set; } = TimeSpan.MaxValue;
}
