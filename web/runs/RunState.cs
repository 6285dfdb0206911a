namespace Pressure.Web.Runs;

/// <summary>What can be said of a run folder.</summary>
internal enum RunState
{
    /// <summary>Load goes on, or reports are being written, in this service.</summary>
    Running,

    /// <summary>Another process, such as the command line, is at it.</summary>
    RunningElsewhere,

    /// <summary>It came to its end; the verdict says how.</summary>
    Finished,

    /// <summary>Its process died before the end; what had been measured is kept.</summary>
    Interrupted,

    /// <summary>The folder can't be read.</summary>
    Unreadable,
}
