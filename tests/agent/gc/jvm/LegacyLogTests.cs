namespace Pressure.Agent.Tests;

/// <summary>Logs of JDK 8, written by hand after its formats.</summary>
public sealed class LegacyLogTests
{
    [Fact]
    public void CMS_with_ParNew_is_read_with_its_cycles_and_failures()
    {
        var (events, reader) = GcLogs.Read("""
            OpenJDK 64-Bit Server VM (25.392-b08) for linux-amd64 JRE (1.8.0_392-b08), built on Oct 17 2023
            Memory: 4k page, physical 24684000k(20000000k free), swap 0k(0k free)
            CommandLine flags: -XX:InitialHeapSize=536870912 -XX:+PrintGC -XX:+PrintGCDateStamps -XX:+PrintGCDetails -XX:+UseConcMarkSweepGC -XX:+UseParNewGC
            2026-11-21T15:00:01.100+0800: 1.100: [GC (Allocation Failure) 2026-11-21T15:00:01.100+0800: 1.100: [ParNew: 139776K->17472K(157248K), 0.0126590 secs] 139776K->46772K(506816K), 0.0127290 secs] [Times: user=0.05 sys=0.01, real=0.01 secs]
            2026-11-21T15:00:01.120+0800: 1.120: Total time for which application threads were stopped: 0.0128570 seconds, Stopping threads took: 0.0000410 seconds
            2026-11-21T15:00:02.000+0800: 2.000: [GC (CMS Initial Mark) [1 CMS-initial-mark: 300068K(349568K)] 320355K(506816K), 0.0003010 secs] [Times: user=0.00 sys=0.00, real=0.00 secs]
            2026-11-21T15:00:02.001+0800: 2.001: [CMS-concurrent-mark-start]
            2026-11-21T15:00:02.004+0800: 2.004: [CMS-concurrent-mark: 0.003/0.003 secs] [Times: user=0.01 sys=0.00, real=0.00 secs]
            2026-11-21T15:00:02.004+0800: 2.004: [CMS-concurrent-preclean-start]
            2026-11-21T15:00:02.005+0800: 2.005: [CMS-concurrent-preclean: 0.001/0.001 secs] [Times: user=0.00 sys=0.00, real=0.00 secs]
             CMS: abort preclean due to time 2026-11-21T15:00:07.010+0800: 7.010: [CMS-concurrent-abortable-preclean: 0.312/5.005 secs] [Times: user=0.91 sys=0.02, real=5.00 secs]
            2026-11-21T15:00:07.011+0800: 7.011: [GC (CMS Final Remark) [YG occupancy: 21470 K (157248 K)]2026-11-21T15:00:07.011+0800: 7.011: [Rescan (parallel) , 0.0020140 secs]2026-11-21T15:00:07.013+0800: 7.013: [weak refs processing, 0.0000130 secs]2026-11-21T15:00:07.013+0800: 7.013: [class unloading, 0.0006340 secs][1 CMS-remark: 300068K(349568K)] 321539K(506816K), 0.0030100 secs] [Times: user=0.01 sys=0.00, real=0.00 secs]
            2026-11-21T15:00:07.015+0800: 7.015: [CMS-concurrent-sweep-start]
            2026-11-21T15:00:07.020+0800: 7.020: [CMS-concurrent-sweep: 0.005/0.005 secs] [Times: user=0.01 sys=0.00, real=0.01 secs]
            2026-11-21T15:00:07.020+0800: 7.020: [CMS-concurrent-reset-start]
            2026-11-21T15:00:07.100+0800: 7.100: [CMS-concurrent-reset: 0.080/0.080 secs] [Times: user=0.00 sys=0.00, real=0.08 secs]
            2026-11-21T15:00:08.000+0800: 8.000: [GC (Allocation Failure) 2026-11-21T15:00:08.000+0800: 8.000: [ParNew: 157245K->157245K(157248K), 0.0000210 secs]2026-11-21T15:00:08.000+0800: 8.000: [CMS2026-11-21T15:00:08.010+0800: 8.010: [CMS-concurrent-abortable-preclean: 0.002/0.122 secs] [Times: user=0.55 sys=0.04, real=0.12 secs]
             (concurrent mode failure): 313542K->257710K(349568K), 0.4960580 secs] 470787K->257710K(506816K), [Metaspace: 2706K->2706K(1056768K)], 0.4967290 secs] [Times: user=0.50 sys=0.00, real=0.50 secs]
            2026-11-21T15:00:09.000+0800: 9.000: [GC (Allocation Failure) 2026-11-21T15:00:09.000+0800: 9.000: [ParNew (promotion failed): 118016K->118016K(157248K), 0.0288030 secs]2026-11-21T15:00:09.029+0800: 9.029: [CMS (concurrent mode failure): 914159K->311550K(917504K), 0.5495730 secs] 985384K->311550K(1035520K), [Metaspace: 2706K->2706K(1056768K)], 0.5785090 secs] [Times: user=0.67 sys=0.01, real=0.58 secs]
            2026-11-21T15:00:10.000+0800: 10.000: [Full GC (System.gc()) 2026-11-21T15:00:10.000+0800: 10.000: [CMS: 257710K->250000K(349568K), 0.2000000 secs] 300000K->250000K(506816K), [Metaspace: 2706K->2706K(1056768K)], 0.2000600 secs] [Times: user=0.20 sys=0.00, real=0.20 secs]

            """);

        Assert.Equal("""
            Young 'Allocation Failure' 12.729ms 136.5M->46772K(506816K)
            InitialMark 'CMS Initial Mark' 0.301ms 320355K->320355K(506816K)
            Remark 'CMS Final Remark' 3.01ms 321539K->321539K(506816K)
            ConcurrentCycle [5100ms]
            ConcurrentModeFailure 'Allocation Failure' 496.729ms 470787K->257710K(506816K)
            ConcurrentModeFailure 'Allocation Failure (promotion failed)' 578.509ms 985384K->311550K(1035520K)
            Full 'System.gc()' 200.06ms 300000K->250000K(506816K)
            """.Replace("136.5M", "139776K", StringComparison.Ordinal), events.Lines());
        Assert.All(events, e => Assert.Equal("CMS", e.Collector));
        Assert.Equal(0, reader.Unknown);
        Assert.Equal(new DateTimeOffset(2026, 11, 21, 7, 0, 1, 100, TimeSpan.Zero), events[0].Begin.Wall);
        Assert.Equal(TimeSpan.FromSeconds(1.1), events[0].Begin.Uptime);
    }

    [Fact]
    public void G1_tells_the_heap_further_down()
    {
        var (events, reader) = GcLogs.Read("""
            0.105: [GC pause (G1 Evacuation Pause) (young), 0.0274956 secs]
               [Parallel Time: 26.8 ms, GC Workers: 2]
                  [GC Worker Start (ms): Min: 105.3, Avg: 105.3, Max: 105.3, Diff: 0.0]
                  [Object Copy (ms): Min: 26.1, Avg: 26.2, Max: 26.3, Diff: 0.2, Sum: 52.4]
               [Eden: 24576.0K(24576.0K)->0.0B(33792.0K) Survivors: 0.0B->3072.0K Heap: 24576.0K(64.0M)->20480.0K(64.0M)]
             [Times: user=0.05 sys=0.00, real=0.03 secs]
            0.412: [GC pause (G1 Humongous Allocation) (young) (initial-mark) (to-space exhausted), 0.0031538 secs]
               [Eden: 1024.0K(1024.0K)->0.0B(1024.0K) Survivors: 1024.0K->1024.0K Heap: 62.0M(64.0M)->60.0M(64.0M)]
             [Times: user=0.00 sys=0.00, real=0.00 secs]
            0.420: [GC concurrent-root-region-scan-start]
            0.421: [GC concurrent-root-region-scan-end, 0.0005681 secs]
            0.423: [GC concurrent-mark-start]
            0.424: [GC concurrent-mark-end, 0.0008918 secs]
            0.424: [GC remark 0.424: [Finalize Marking, 0.0002256 secs] 0.424: [GC ref-proc, 0.0000637 secs] 0.424: [Unloading, 0.0006521 secs], 0.0014288 secs]
             [Times: user=0.00 sys=0.00, real=0.00 secs]
            0.426: [GC cleanup 61M->58M(64M), 0.0005000 secs]
             [Times: user=0.00 sys=0.00, real=0.00 secs]
            0.500: [GC pause (G1 Evacuation Pause) (mixed) 0.501: [G1Ergonomics (CSet Construction) start choosing CSet, _pending_cards: 7738, predicted base time: 5.74 ms]
             0.502: [G1Ergonomics (CSet Construction) finish adding old regions to CSet, reason: predicted time is too high]
            , 0.0069806 secs]
               [Eden: 10.0M(10.0M)->0.0B(9216.0K) Survivors: 0.0B->1024.0K Heap: 58.0M(64.0M)->40.0M(64.0M)]
             [Times: user=0.00 sys=0.00, real=0.01 secs]
            0.600: [Full GC (Allocation Failure)  63M->34M(64M), 0.0339723 secs]
               [Eden: 0.0B(25.0M)->0.0B(31.0M) Survivors: 0.0B->0.0B Heap: 63.0M(64.0M)->34.0M(64.0M)], [Metaspace: 3120K->3120K(1056768K)]
             [Times: user=0.04 sys=0.00, real=0.03 secs]

            """);

        Assert.Equal("""
            Young 'G1 Evacuation Pause' 27.496ms 24M->20M(64M)
            AllocationStall 'G1 Humongous Allocation (to-space exhausted)' 3.154ms 62M->60M(64M)
            Remark 1.429ms
            Cleanup 0.5ms 61M->58M(64M)
            Mixed 'G1 Evacuation Pause' 6.981ms 58M->40M(64M)
            Full 'Allocation Failure' 33.972ms 63M->34M(64M)
            """, events.Lines());
        Assert.All(events, e => Assert.Equal("G1", e.Collector));
        Assert.Equal(0, reader.Unknown);
    }

    [Theory]
    [InlineData("[GC (Allocation Failure) [PSYoungGen: 328070K->55019K(503808K)] 649122K->396284K(1078272K), 0.3093583 secs] [Times: user=0.43 sys=0.12, real=0.31 secs]", "Parallel", "Young 'Allocation Failure' 309.358ms 649122K->396284K(1M)")]
    [InlineData("[GC (Allocation Failure)  649122K->396284K(1078272K), 0,3093583 secs]", "unknown", "Young 'Allocation Failure' 309.358ms 649122K->396284K(1M)")]
    [InlineData("[Full GC (Ergonomics) [PSYoungGen: 17K->0K(503808K)] [ParOldGen: 341265K->300000K(574464K)] 341282K->300000K(1078272K), [Metaspace: 3K->3K(105K)], 0.5000000 secs] [Times: user=0.9 sys=0.0, real=0.50 secs]", "Parallel", "Full 'Ergonomics' 500ms 341282K->300000K(1M)")]
    [InlineData("[GC-- [PSYoungGen: 503808K->503808K(503808K)] 1007616K->1077504K(1078272K), 0.3093583 secs]", "Parallel", "Young 'promotion failed' 309.358ms 984M->1077504K(1M)")]
    [InlineData("[GC (Allocation Failure) 0.5: [DefNew: 8K->1K(9K), 0.0010000 secs] 8K->1K(1078272K), 0.0012000 secs]", "Serial", "Young 'Allocation Failure' 1.2ms 8K->1K(1M)")]
    [InlineData("[GC (Allocation Failure) 0.5: [DefNew: 8K->8K(9K), 0.0000100 secs]0.5: [Tenured: 15K->12K(20K), 0.0200000 secs] 23K->12K(1078272K), [Metaspace: 3K->3K(105K)], 0.0210000 secs]", "Serial", "Full 'Allocation Failure' 21ms 23K->12K(1M)")]
    [InlineData("[GC [1 CMS-initial-mark: 40960K(51200K)] 72152K(1078272K), 0.0004554 secs]", "CMS", "InitialMark 0.455ms 72152K->72152K(1M)")]
    [InlineData("[GC pause (young) 485M->240M(1053M), 0.0558340 secs]", "G1", "Young 55.834ms 485M->240M(1M)")]
    [InlineData("[GC 26683.210: [ParNew: 261760K->261760K(261952K), 0.0000130 secs]26683.210: [CMS (concurrent mode failure): 1K->1K(2K), 7.3835370 secs] 1403308K->1078465K(1078272K), 7.3838390 secs]", "CMS", "ConcurrentModeFailure 7383.839ms 1403308K->1078465K(1M)")]
    public void A_record_is_understood_with_and_without_details(string record, string collector, string expected)
    {
        var (events, reader) = GcLogs.Read($"12.345: {record}\n");

        Assert.Equal(expected.Replace("(1M)", "(1053M)", StringComparison.Ordinal), events.Lines());
        Assert.Equal(collector, events[0].Collector);
        Assert.Equal(0, reader.Unknown);
        Assert.Equal(TimeSpan.FromSeconds(12.345), events[0].Begin.Uptime);
    }

    [Fact]
    public void A_record_cut_off_is_counted_and_the_next_one_read()
    {
        var (events, reader) = GcLogs.Read("""
            1.0: [GC (Allocation Failure) 1.0: [ParNew: 139776K->17472K(157248K), 0.01
            2.0: [GC (Allocation Failure) 2.0: [ParNew: 139776K->17472K(157248K), 0.0126590 secs] 139776K->46772K(506816K), 0.0127290 secs]

            """);

        Assert.Equal("Young 'Allocation Failure' 12.729ms 139776K->46772K(506816K)", events.Lines());
        Assert.Equal(1, reader.Unknown);
    }
}
