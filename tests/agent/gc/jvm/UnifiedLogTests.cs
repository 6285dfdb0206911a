namespace Pressure.Agent.Tests;

/// <summary>The logs are of JDK 17, excerpts of real runs; lines of other versions stand in the tests.</summary>
public sealed class UnifiedLogTests
{
    public static TheoryData<string, string, string> RealLogs => new()
    {
        { "g1.log", "G1", """
            Young 'G1 Evacuation Pause' 6.745ms 70M->63M(128M)
            InitialMark 'G1 Evacuation Pause' 3.228ms 78M->68M(128M)
            Young 'G1 Evacuation Pause' 3.292ms 82M->73M(128M)
            Young 'G1 Evacuation Pause' 3.086ms 87M->78M(128M)
            Remark 0.595ms 78M->78M(128M)
            Cleanup 0.033ms 79M->79M(128M)
            ConcurrentCycle [13.655ms]
            Mixed 'G1 Evacuation Pause' 2.976ms 92M->85M(128M)
            AllocationStall 'G1 Preventive Collection (to-space exhausted)' 0.517ms 123M->122M(128M)
            Full 'G1 Compaction Pause' 7.944ms 125M->59M(128M)
            """ },
        { "parallel.log", "Parallel", """
            Young 'Allocation Failure' 18.36ms 32M->32M(123M)
            Full 'Ergonomics' 10.023ms 93M->59M(123M)
            Young 'System.gc()' 0.25ms 61M->60M(123M)
            Full 'System.gc()' 3.291ms 60M->59M(123M)
            """ },
        { "serial.log", "Serial", """
            Young 'Allocation Failure' 19.352ms 34M->33M(123M)
            Young 'Allocation Failure' 14.562ms 67M->60M(123M)
            Young 'Allocation Failure' 0.029ms 94M->94M(123M)
            Full 'Allocation Failure' 11.288ms 94M->63M(123M)
            Full 'System.gc()' 4.534ms 66M->59M(123M)
            """ },
        { "zgc.log", "ZGC", """
            InitialMark 0.007ms
            Remark 0.006ms
            Cleanup 0.003ms
            AllocationStall 'Allocation Stall (main)' [14.681ms]
            ConcurrentCycle 'Allocation Stall' [21ms] 128M->90M(-)
            InitialMark 0.006ms
            Remark 0.006ms
            Cleanup 0.002ms
            AllocationStall 'Allocation Stall (main)' [7.495ms]
            ConcurrentCycle 'Warmup' [14ms] 120M->102M(-)
            InitialMark 0.005ms
            Remark 0.005ms
            """ },
        { "shenandoah.log", "Shenandoah", """
            InitialMark 0.024ms
            Remark 0.047ms
            Cleanup 0.009ms
            Cleanup 0.012ms
            ConcurrentCycle [6ms] 39M->41M(128M)
            """ },
        { "shenandoah-degenerated.log", "Shenandoah", """
            InitialMark 0.007ms
            Remark 0.028ms
            Cleanup 0.004ms
            Cleanup 0.009ms
            ConcurrentCycle [3ms] 42M->45M(90M)
            AllocationStall 'Degenerated GC (Outside of Cycle)' 4.206ms 85M->61M(90M)
            Full 8.882ms 84M->60M(90M)
            """ },
    };

    [Theory]
    [MemberData(nameof(RealLogs))]
    public void A_real_log_is_read_whole(string name, string collector, string expected)
    {
        var (events, reader) = GcLogs.Read(File.ReadAllBytes(GcLogs.Path(name)));

        Assert.Equal(expected, events.Lines());
        Assert.Equal(collector, reader.Collector);
        Assert.All(events, e => Assert.Equal(collector, e.Collector));
        Assert.Equal(0, reader.Unknown);
    }

    [Theory]
    // JDK 9 to 13 name G1's pauses and cycles in other words.
    [InlineData("Pause Initial Mark (G1 Humongous Allocation) 24M->4M(256M) 5.271ms", "InitialMark 'G1 Humongous Allocation' 5.271ms 24M->4M(256M)")]
    [InlineData("Pause Mixed (G1 Evacuation Pause) 24M->4M(256M) 5.271ms", "Mixed 'G1 Evacuation Pause' 5.271ms 24M->4M(256M)")]
    [InlineData("Pause Young (G1 Evacuation Pause) 24M->4M(256M) 5.271ms", "Young 'G1 Evacuation Pause' 5.271ms 24M->4M(256M)")]
    [InlineData("Concurrent Cycle 41.123ms", "ConcurrentCycle [41.123ms]")]
    [InlineData("Concurrent Undo Cycle 1.5ms", "ConcurrentCycle [1.5ms]")]
    [InlineData("Pause Young (Prepare Mixed) (G1 Evacuation Pause) 24M->4M(256M) 5ms", "Young 'G1 Evacuation Pause' 5ms 24M->4M(256M)")]
    [InlineData("Pause Young (Normal) (GCLocker Initiated GC) 24M->4M(256M) 5ms", "Young 'GCLocker Initiated GC' 5ms 24M->4M(256M)")]
    [InlineData("Pause Young (Concurrent Start) (System.gc()) 24M->4M(256M) 5ms", "InitialMark 'System.gc()' 5ms 24M->4M(256M)")]
    [InlineData("Pause Full (System.gc()) 1023M->4M(2G) 5,5ms", "Full 'System.gc()' 5.5ms 1023M->4M(2048M)")]
    // JDK 20 and newer say how an evacuation failed; one for want of memory is a stall, one for a pinned region is not.
    [InlineData("Pause Young (Normal) (G1 Evacuation Pause) (Evacuation Failure: Allocation) 24M->4M(256M) 5ms", "AllocationStall 'G1 Evacuation Pause (evacuation failure)' 5ms 24M->4M(256M)")]
    [InlineData("Pause Young (Normal) (G1 Evacuation Pause) (Evacuation Failure: Allocation/Pinned) 24M->4M(256M) 5ms", "AllocationStall 'G1 Evacuation Pause (evacuation failure)' 5ms 24M->4M(256M)")]
    [InlineData("Pause Young (Mixed) (G1 Evacuation Pause) (Evacuation Failure: Pinned) 24M->4M(256M) 5ms", "Mixed 'G1 Evacuation Pause' 5ms 24M->4M(256M)")]
    // Shenandoah of JDK 11.
    [InlineData("Pause Init Mark (process weakrefs) 3.653ms", "InitialMark 3.653ms")]
    [InlineData("Pause Final Mark (process weakrefs) (unload classes) 1.2ms", "Remark 1.2ms")]
    [InlineData("Pause Final Evac 0.05ms", "Cleanup 0.05ms")]
    [InlineData("Pause Degenerated GC (Update Refs) 60M->30M(64M) 53.697ms", "AllocationStall 'Degenerated GC (Update Refs)' 53.697ms 60M->30M(64M)")]
    // Generational ZGC of JDK 21.
    [InlineData("Y: Pause Mark Start (Major) 0.027ms", "InitialMark 0.027ms")]
    [InlineData("y: Pause Mark End 0.012ms", "Remark 0.012ms")]
    [InlineData("O: Pause Relocate Start 0.009ms", "Cleanup 0.009ms")]
    [InlineData("Major Collection (Metadata GC Threshold) 102M(5%)->64M(3%) 0.126s", "ConcurrentCycle 'Metadata GC Threshold' [126ms] 102M->64M(-)")]
    [InlineData("Minor Collection (Allocation Rate) 102M(5%)->64M(3%) 0.003s", "Young 'Allocation Rate' [3ms] 102M->64M(-)")]
    // What we do not know is shown as it stands, and counted.
    [InlineData("Pause Sweeping Everything (Why Not (really)) 5M->4M(10M) 1.2ms", "Unknown 'Pause Sweeping Everything (Why Not (really))' 1.2ms 5M->4M(10M)")]
    public void A_line_of_another_version_is_understood(string message, string expected)
    {
        var (events, _) = GcLogs.Read($"[1.000s][info][gc          ] GC(7) {message}\n");

        Assert.Equal(expected, events.Lines());
    }

    [Theory]
    [InlineData("Pause Young (Normal) (G1 Evacuation Pause)")]
    [InlineData("Concurrent Mark Cycle")]
    [InlineData("Concurrent Mark 3.714ms")]
    [InlineData("Y: Young Generation 228M(11%)->296M(14%) 0.004s")]
    [InlineData("Metaspace: 89K(320K)->89K(320K) NonClass: 85K(192K)->85K(192K) Class: 4K(128K)->4K(128K)")]
    [InlineData("User=0.01s Sys=0.00s Real=0.01s")]
    public void Begins_and_details_are_no_events(string message)
    {
        var (events, reader) = GcLogs.Read($"[1.000s][info][gc] GC(7) {message}\n");

        Assert.Empty(events);
        Assert.Equal(0, reader.Unknown);
    }

    [Fact]
    public void A_cycle_of_CMS_goes_from_its_initial_mark_to_its_reset()
    {
        var (events, reader) = GcLogs.Read("""
            [0.010s][info][gc] Using Concurrent Mark Sweep
            [1.000s][info][gc] GC(0) Pause Young (Allocation Failure) 17M->6M(61M) 3.359ms
            [2.001s][info][gc] GC(1) Pause Initial Mark 31M->31M(61M) 1.000ms
            [2.001s][info][gc] GC(1) Concurrent Mark
            [2.010s][info][gc] GC(1) Concurrent Mark 8.464ms
            [2.050s][info][gc] GC(1) Pause Remark 35M->35M(61M) 4.799ms
            [2.060s][info][gc] GC(1) Concurrent Sweep 9.159ms
            [2.063s][info][gc] GC(1) Concurrent Reset 2.244ms

            """);

        Assert.Equal("""
            Young 'Allocation Failure' 3.359ms 17M->6M(61M)
            InitialMark 1ms 31M->31M(61M)
            Remark 4.799ms 35M->35M(61M)
            ConcurrentCycle [63ms]
            """, events.Lines());
        Assert.Equal("CMS", reader.Collector);
    }

    [Fact]
    public void A_collector_that_nobody_knows_stays_unknown()
    {
        var (events, reader) = GcLogs.Read("""
            [0.003s][info][gc] Using The Quantum Collector
            [0.083s][info][gc] GC(0) Pause Young (Allocation Failure) 34M->33M(123M) 19.352ms
            [0.183s][info][gc] GC(1) Pause Entanglement 33M->3M(123M) 0.352ms

            """);

        Assert.Equal("Young 'Allocation Failure' 19.352ms 34M->33M(123M)\nUnknown 'Pause Entanglement' 0.352ms 33M->3M(123M)", events.Lines());
        Assert.All(events, e => Assert.Equal("unknown", e.Collector));
        Assert.Equal(1, reader.Unknown);
    }

    [Fact]
    public void Without_a_banner_the_collector_is_known_by_what_only_it_writes()
    {
        var (events, _) = GcLogs.Read("""
            [0.083s][info][gc] GC(0) Pause Young (Allocation Failure) 34M->33M(123M) 19.352ms
            [0.183s][info][gc,heap] GC(1) PSYoungGen: 34943K->4352K(39296K) Eden: 34943K->0K(34944K) From: 0K->4352K(4352K)
            [0.183s][info][gc] GC(1) Pause Young (Allocation Failure) 34M->33M(123M) 1.352ms

            """);

        Assert.Equal(["unknown", "Parallel"], events.Select(e => e.Collector));
    }
}
