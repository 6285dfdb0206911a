namespace Pressure.Agent.Tests;

public sealed class GcLogPlaceTests
{
    [Theory]
    [InlineData("-Xlog:gc*:file=gc.log", "gc.log", true)]
    [InlineData("-Xlog:gc*:file=/var/log/app/gc-%p-%t.log:time,uptime,level,tags:filecount=5,filesize=10M", "/var/log/app/gc-%p-%t.log", true)]
    [InlineData("-Xlog:gc:gc.log", "gc.log", false)]
    [InlineData("-Xlog:gc*=info,safepoint:file=\"/a b/gc:1.log\":utctime", "/a b/gc:1.log", true)]
    [InlineData("-Xlog:gc+heap=debug,gc=info:file=gc.log", "gc.log", false)]
    [InlineData("-Xlog:all=info:file=all.log", "all.log", true)]
    [InlineData("-Xloggc:/tmp/gc_%p.log", "/tmp/gc_%p.log", false)]
    public void The_option_names_the_file(string option, string name, bool isDetailed) =>
        Assert.Equal(new GcLogPlace(name, isDetailed), GcLogPlace.Of(["-Xmx1g", option]));

    [Theory]
    [InlineData("-Xlog:gc*")]
    [InlineData("-Xlog:gc*:stdout:time")]
    [InlineData("-Xlog:gc*:file=/dev/stdout")]
    [InlineData("-Xlog:gc*:file=/proc/1/fd/1")]
    [InlineData("-Xlog:safepoint:file=safepoint.log")]
    [InlineData("-Xlog:disable")]
    [InlineData("-Xlog:")]
    [InlineData("-Xloggc:")]
    [InlineData("-verbose:gc")]
    public void A_log_that_is_no_file_of_its_own_is_none(string option) => Assert.Null(GcLogPlace.Of([option]));

    [Fact]
    public void The_log_with_all_details_is_preferred() =>
        Assert.Equal("all.log", GcLogPlace.Of(["-Xlog:gc*:file=all.log", "-Xlog:gc:file=few.log"])!.Name);

    [Fact]
    public void Options_come_from_the_environment_and_from_before_the_main_class()
    {
        var options = JvmOptions.Of(
            ["/usr/bin/java", "-cp", "-Xlog:x", "-Xmx1g", "-jar", "item.jar", "-Xlog:gc*:file=not-mine.log"],
            "PATH=/bin\0JAVA_TOOL_OPTIONS=-Xlog:gc*:file=tool.log -Dx=1\0_JAVA_OPTIONS=\"-Xss1m\"\0");

        Assert.Equal(["-Xlog:gc*:file=tool.log", "-Dx=1", "-cp", "-Xmx1g", "-Xss1m"], options);
    }

    [Theory]
    [InlineData("gc.log", "gc.log")]
    [InlineData("gc-%p.log", "gc-7.log")]
    [InlineData("gc_%p.log", "gc_pid7.log")]
    [InlineData("gc-%p-%t.log", "gc-7-2026-11-21_15-16-09.log")]
    [InlineData("gc.log", "gc.log.1.current")]
    [InlineData("logs/gc.log", "logs/gc.log")]
    public void The_file_is_found_where_the_process_works(string name, string file)
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder.File("logs"));
        File.WriteAllText(folder.File(file), "x");
        File.WriteAllText(folder.File("gc-8.log"), "x");

        Assert.Equal([folder.File(file)], new GcLogPlace(name, true).Find("/nowhere", folder.Path, 7));
    }

    [Fact]
    public void An_absolute_name_is_looked_up_under_the_process_s_own_root()
    {
        using var root = new TempFolder();
        Directory.CreateDirectory(root.File("var"));
        File.WriteAllText(root.File("var/gc.log"), "x");

        Assert.Equal([root.Path + "/var/gc.log"], new GcLogPlace("/var/gc.log", true).Find(root.Path, "/nowhere", 7));
        Assert.Empty(new GcLogPlace("/var/other/gc.log", true).Find(root.Path, "/nowhere", 7));
    }

    [Fact]
    public void A_link_to_a_device_is_not_followed()
    {
        using var folder = new TempFolder();
        File.CreateSymbolicLink(folder.File("gc.log"), "/dev/stdout");

        Assert.Empty(new GcLogPlace("gc.log", true).Find("/nowhere", folder.Path, 7));
    }
}
