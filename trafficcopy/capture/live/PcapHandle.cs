using System.Runtime.InteropServices;
using System.Text;

namespace Pressure.TrafficCopy;

/// <summary>An interface that libpcap has opened. Not for several threads at a time.</summary>
internal sealed unsafe class PcapHandle : IDisposable
{
    private const int Nanoseconds = 1;
    private const int NoSuchDevice = -5;
    private const int NotUp = -9;
    private const int NotAllowed = -8;
    private const int NotAllowedPromiscuous = -11;
    private const int Timeout = 100;
    private const uint Up = 2;

    private readonly PcapLibrary _library;
    private readonly string _interface;
    private nint _handle;

    private PcapHandle(PcapLibrary library, nint handle, string name) => (_library, _handle, _interface) = (library, handle, name);

    /// <summary>What its packets begin with.</summary>
    public LinkType Link => (LinkType)_library.Link(_handle);

    /// <summary>What can be waited for.</summary>
    public int Descriptor => _library.Descriptor(_handle);

    /// <summary>How many nanoseconds a unit of a packet's fraction has.</summary>
    public int FractionUnit => _library.Precision(_handle) == Nanoseconds ? 1 : 1_000;

    /// <summary>Opens an interface; what is wrong when that fails.</summary>
    public static (PcapHandle? Handle, LiveCaptureProblem? Problem) Open(PcapLibrary library, LiveCaptureOptions options)
    {
        var error = stackalloc byte[PcapLibrary.ErrorLength];
        nint handle;
        fixed (byte* name = Terminated(options.Interface))
            handle = library.Create(name, error);
        if (handle == 0)
            return (null, new LiveCaptureProblem($"{options.Interface} can't be opened: {Text(error)}.", "Check its name: ip link lists them."));
        var opened = new PcapHandle(library, handle, options.Interface);
        if (opened.Begin(options) is not { } problem)
            return (opened, null);
        opened.Dispose();
        return (null, problem);
    }

    /// <summary>The next packet, if one is there. Its data is valid until the next call.</summary>
    public PcapNext Next(out PcapPacketHeader header, out ReadOnlySpan<byte> data)
    {
        PcapPacketHeader* found;
        byte* bytes;
        var result = _library.Next(_handle, &found, &bytes);
        header = result == 1 ? *found : default;
        data = result == 1 ? new ReadOnlySpan<byte>(bytes, (int)found->Captured) : default;
        return result switch
        {
            1 => PcapNext.Packet,
            0 => PcapNext.Nothing,
            _ => PcapNext.Broken,
        };
    }

    /// <summary>What was counted since it was opened; null when that can't be told.</summary>
    public PcapCounts? Counts()
    {
        PcapCounts counts;
        return _library.Statistics(_handle, &counts) == 0 ? counts : null;
    }

    /// <summary>What went wrong last.</summary>
    public LiveCaptureProblem Broken() => new($"Capturing on {_interface} broke off: {Text(_library.Error(_handle))}.", "What was captured before is kept. Check the interface: ip link.");

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_handle != 0)
            _library.Close(_handle);
        _handle = 0;
    }

    private LiveCaptureProblem? Begin(LiveCaptureOptions options)
    {
        _library.SetSnapLength(_handle, options.SnapLength);
        _library.SetPromiscuous(_handle, options.Promiscuous ? 1 : 0);
        _library.SetBufferSize(_handle, options.BufferBytes);
        // Packets come in blocks, when one is full or that many milliseconds old: one wake-up for many packets.
        _library.SetTimeout(_handle, Timeout);
        _library.SetPrecision(_handle, Nanoseconds);
        var status = _library.Activate(_handle);
        if (status < 0)
            return WhyNot(status);
        var error = stackalloc byte[PcapLibrary.ErrorLength];
        if (_library.SetNonBlocking(_handle, 1, error) < 0)
            return new LiveCaptureProblem($"{_interface} can't be read without waiting: {Text(error)}.", "Update libpcap.");
        return Filter(options.Filter.Text(Link));
    }

    private LiveCaptureProblem? Filter(string text)
    {
        PcapProgram program;
        int result;
        fixed (byte* expression = Terminated(text))
            result = _library.Compile(_handle, &program, expression, 1, uint.MaxValue);
        if (result < 0)
            return new LiveCaptureProblem($"The filter can't be used: {Text(_library.Error(_handle))} (in: {text}).", "Write it as for tcpdump: man pcap-filter.");
        result = _library.SetFilter(_handle, &program);
        _library.FreeProgram(&program);
        return result < 0 ? new LiveCaptureProblem($"The filter can't be set: {Text(_library.Error(_handle))}.", "Try a shorter one.") : null;
    }

    private LiveCaptureProblem WhyNot(int status)
    {
        var said = Text(_library.Error(_handle));
        if (said.Length == 0)
            said = Text(_library.StatusText(status));
        return status switch
        {
            NotAllowed or NotAllowedPromiscuous => new($"You may not capture on {_interface}: {said}.", "Run as root, or give the program the right: setcap cap_net_raw,cap_net_admin+ep FILE."),
            NoSuchDevice => new($"There is no interface {_interface}.", $"There are: {string.Join(", ", Interfaces(_library))}."),
            NotUp => new($"{_interface} is not up.", $"Bring it up: ip link set {_interface} up."),
            _ => new($"{_interface} can't be opened: {said}.", "Check the interface: ip link."),
        };
    }

    private static List<string> Interfaces(PcapLibrary library)
    {
        var error = stackalloc byte[PcapLibrary.ErrorLength];
        PcapInterface* first;
        if (library.FindInterfaces(&first, error) < 0)
            return [];
        List<string> names = [];
        for (var one = first; one is not null; one = one->Next)
        {
            // Besides networks it lists buses and queues of the kernel, which are never up.
            if ((one->Flags & Up) != 0)
                names.Add(Text(one->Name));
        }
        library.FreeInterfaces(first);
        return names;
    }

    private static byte[] Terminated(string text) => [.. Encoding.UTF8.GetBytes(text), 0];

    private static string Text(byte* text) => Marshal.PtrToStringUTF8((nint)text)?.Trim() ?? "";
}

/// <summary>What asking for a packet gave.</summary>
internal enum PcapNext
{
    /// <summary>A packet.</summary>
    Packet,

    /// <summary>There is none just now.</summary>
    Nothing,

    /// <summary>There will be none any more.</summary>
    Broken,
}
