using System.Runtime.InteropServices;

namespace Pressure.TrafficCopy;

/// <summary>
/// The system's libpcap (1.5 or later), as far as capturing needs it. Found when it is first needed: a host without it can do everything else.
/// Source: www.tcpdump.org/manpages/pcap.3pcap.html.
/// </summary>
internal sealed unsafe class PcapLibrary
{
    /// <summary>How long the buffer for an error's text has to be.</summary>
    public const int ErrorLength = 256;

    /// <summary>What it is called: on Debian, on others, and where only the development files name it.</summary>
    public static readonly IReadOnlyList<string> Names = ["libpcap.so.0.8", "libpcap.so.1", "libpcap.so"];

    private PcapLibrary(nint library)
    {
        Create = (delegate* unmanaged<byte*, byte*, nint>)Find(library, "pcap_create");
        SetSnapLength = (delegate* unmanaged<nint, int, int>)Find(library, "pcap_set_snaplen");
        SetPromiscuous = (delegate* unmanaged<nint, int, int>)Find(library, "pcap_set_promisc");
        SetBufferSize = (delegate* unmanaged<nint, int, int>)Find(library, "pcap_set_buffer_size");
        SetTimeout = (delegate* unmanaged<nint, int, int>)Find(library, "pcap_set_timeout");
        SetPrecision = (delegate* unmanaged<nint, int, int>)Find(library, "pcap_set_tstamp_precision");
        Precision = (delegate* unmanaged<nint, int>)Find(library, "pcap_get_tstamp_precision");
        Activate = (delegate* unmanaged<nint, int>)Find(library, "pcap_activate");
        Error = (delegate* unmanaged<nint, byte*>)Find(library, "pcap_geterr");
        StatusText = (delegate* unmanaged<int, byte*>)Find(library, "pcap_statustostr");
        Compile = (delegate* unmanaged<nint, PcapProgram*, byte*, int, uint, int>)Find(library, "pcap_compile");
        SetFilter = (delegate* unmanaged<nint, PcapProgram*, int>)Find(library, "pcap_setfilter");
        FreeProgram = (delegate* unmanaged<PcapProgram*, void>)Find(library, "pcap_freecode");
        SetNonBlocking = (delegate* unmanaged<nint, int, byte*, int>)Find(library, "pcap_setnonblock");
        Descriptor = (delegate* unmanaged<nint, int>)Find(library, "pcap_get_selectable_fd");
        Link = (delegate* unmanaged<nint, int>)Find(library, "pcap_datalink");
        Next = (delegate* unmanaged<nint, PcapPacketHeader**, byte**, int>)Find(library, "pcap_next_ex");
        Statistics = (delegate* unmanaged<nint, PcapCounts*, int>)Find(library, "pcap_stats");
        FindInterfaces = (delegate* unmanaged<PcapInterface**, byte*, int>)Find(library, "pcap_findalldevs");
        FreeInterfaces = (delegate* unmanaged<PcapInterface*, void>)Find(library, "pcap_freealldevs");
        Close = (delegate* unmanaged<nint, void>)Find(library, "pcap_close");
    }

    public delegate* unmanaged<byte*, byte*, nint> Create { get; }

    public delegate* unmanaged<nint, int, int> SetSnapLength { get; }

    public delegate* unmanaged<nint, int, int> SetPromiscuous { get; }

    public delegate* unmanaged<nint, int, int> SetBufferSize { get; }

    public delegate* unmanaged<nint, int, int> SetTimeout { get; }

    public delegate* unmanaged<nint, int, int> SetPrecision { get; }

    public delegate* unmanaged<nint, int> Precision { get; }

    public delegate* unmanaged<nint, int> Activate { get; }

    public delegate* unmanaged<nint, byte*> Error { get; }

    public delegate* unmanaged<int, byte*> StatusText { get; }

    public delegate* unmanaged<nint, PcapProgram*, byte*, int, uint, int> Compile { get; }

    public delegate* unmanaged<nint, PcapProgram*, int> SetFilter { get; }

    public delegate* unmanaged<PcapProgram*, void> FreeProgram { get; }

    public delegate* unmanaged<nint, int, byte*, int> SetNonBlocking { get; }

    public delegate* unmanaged<nint, int> Descriptor { get; }

    public delegate* unmanaged<nint, int> Link { get; }

    public delegate* unmanaged<nint, PcapPacketHeader**, byte**, int> Next { get; }

    public delegate* unmanaged<nint, PcapCounts*, int> Statistics { get; }

    public delegate* unmanaged<PcapInterface**, byte*, int> FindInterfaces { get; }

    public delegate* unmanaged<PcapInterface*, void> FreeInterfaces { get; }

    public delegate* unmanaged<nint, void> Close { get; }

    /// <summary>The library under the first of the names that can be found; null when there is none, or it lacks something.</summary>
    public static PcapLibrary? Load(IEnumerable<string> names)
    {
        foreach (var name in names)
        {
            if (!NativeLibrary.TryLoad(name, out var library))
                continue;
            try
            {
                return new PcapLibrary(library);
            }
            catch (EntryPointNotFoundException)
            {
                // Too old.
                NativeLibrary.Free(library);
            }
        }
        return null;
    }

    private static nint Find(nint library, string name) => NativeLibrary.GetExport(library, name);
}

/// <summary>A packet's header, as libpcap hands it over.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PcapPacketHeader
{
    public nint Seconds;
    public nint Fraction;
    public uint Captured;
    public uint Length;
}

/// <summary>A compiled filter.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PcapProgram
{
    public uint Length;
    public nint Instructions;
}

/// <summary>What a capture has counted since it began; each wraps around.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PcapCounts
{
    public uint Received;
    public uint Dropped;
    public uint DroppedByInterface;
}

/// <summary>One of the list of interfaces.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct PcapInterface
{
    public PcapInterface* Next;
    public byte* Name;
    public byte* Description;
    public nint Addresses;
    public uint Flags;
}
