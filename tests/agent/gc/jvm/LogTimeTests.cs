namespace Pressure.Agent.Tests;

public sealed class LogTimeTests
{
    private const string Pause = "GC(3) Pause Full (System.gc()) 229M->221M(494M) 119.607ms";
    private static readonly DateTimeOffset Wall = new(2026, 11, 21, 15, 16, 9, 586, TimeSpan.Zero);

    /// <summary>Decorations as JDK 11 to 21 write them, and what of the end's time they tell: wall clock or not, uptime in milliseconds.</summary>
    [Theory]
    [InlineData("[4.281s][info][gc             ] ", false, 4281.0)]
    [InlineData("[4,281s][info][gc] ", false, 4281.0)]
    [InlineData("[2026-11-21T15:16:09.586+0000][info ][gc] ", true, null)]
    [InlineData("[2026-11-21T16:16:09.586+0100][4.281s] ", true, 4281.0)]
    [InlineData("[2026-11-21T10:46:09.586-0430][2026-11-21T15:16:09.586+0000] ", true, null)]
    [InlineData("[1795274169586ms][4281ms][host-7][30852][30853][info][gc] ", true, 4281.0)]
    [InlineData("[13071444906367ns][4281208000ns] ", false, 4281.208)]
    [InlineData("[4.281s][13071444906367ns][gc] ", false, 4281.0)]
    [InlineData("[4281208000ns] ", false, 4281.208)]
    [InlineData("[2026-11-21T15:16:09.586+0000][1795274169586ms][4281ms][13071444906367ns][4281208000ns][vm][30852][30853][info][gc  ] ", true, 4281.208)]
    [InlineData("[info][gc] ", false, null)]
    [InlineData("", false, null)]
    [InlineData("[2026-13-41T25:61:61.586+9900][99999999999999999999s][99999999999999999999ms][gc] ", false, null)]
    public void The_time_is_what_the_decorations_tell(string decorations, bool hasWall, double? uptime)
    {
        var (events, _) = GcLogs.Read(decorations + Pause + "\n");

        var read = Assert.Single(events);
        var pause = TimeSpan.FromMilliseconds(119.607);
        Assert.Equal(pause, read.Pause);
        Assert.Equal(hasWall ? Wall - pause : null, read.Begin.Wall);
        Assert.Equal(uptime is { } end ? TimeSpan.FromMilliseconds(end) - pause : null, read.Begin.Uptime);
    }

    [Theory]
    [InlineData("2026-11-21T15:16:09.586+0000: 4.281: ", true, 4281.0)]
    [InlineData("2026-11-21T15:16:09.586+0000: ", true, null)]
    [InlineData("4.281: ", false, 4281.0)]
    [InlineData("4,281: ", false, 4281.0)]
    [InlineData("", false, null)]
    public void In_JDK_8_the_time_is_that_of_the_begin(string stamps, bool hasWall, double? uptime)
    {
        var (events, _) = GcLogs.Read(stamps + "[Full GC (System.gc())  229376K->221184K(505856K), 0.1196070 secs]\n");

        var read = Assert.Single(events);
        Assert.Equal(hasWall ? Wall : null, read.Begin.Wall);
        Assert.Equal(uptime is { } begin ? TimeSpan.FromMilliseconds(begin) : null, read.Begin.Uptime);
    }
}
