using System.Runtime.InteropServices;

namespace Pressure.LoadGen.Engine;

/// <summary>The part of the system's OpenSSL 3 that a client on non-blocking sockets needs.</summary>
internal static unsafe partial class OpenSsl
{
    internal const int ErrorProtocol = 1;
    internal const int ErrorWantRead = 2;
    internal const int ErrorWantWrite = 3;
    internal const int ErrorZeroReturn = 6;

    internal const int VerifyNone = 0;
    internal const int VerifyPeer = 1;

    internal const int PemFile = 1;

    // The process belongs to .NET, which ends while other threads may still be in the library.
    private const ulong NoCleanupAtExit = 0x00080000;
    private const ulong NoRenegotiation = 1UL << 30;

    private const int SetMode = 33;
    private const int SetReadAhead = 41;
    private const int SetServerName = 55;
    private const int SetLeastVersion = 123;
    private const nint PartialWrites = 0x1;
    private const nint MovingBuffer = 0x2;
    private const nint ReleaseBuffers = 0x10;
    private const nint Tls12 = 0x0303;

    private const string Ssl = "libssl.so.3";
    private const string Crypto = "libcrypto.so.3";

    /// <summary>Whether this machine has it.</summary>
    internal static bool IsPresent { get; } = NativeLibrary.TryLoad(Ssl, out _) && NativeLibrary.TryLoad(Crypto, out _) && Initialize(NoCleanupAtExit, 0) == 1;

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_free")]
    internal static partial void FreeContext(nint context);

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_set_verify")]
    internal static partial void SetVerify(nint context, int mode, nint callback);

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_set_default_verify_paths")]
    internal static partial int TrustSystem(nint context);

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_load_verify_locations", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int TrustFile(nint context, string file, nint folder);

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_use_certificate_chain_file", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int UseCertificate(nint context, string file);

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_use_PrivateKey_file", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int UseKey(nint context, string file, int type);

    [LibraryImport(Ssl, EntryPoint = "SSL_new")]
    internal static partial nint New(nint context);

    [LibraryImport(Ssl, EntryPoint = "SSL_free")]
    internal static partial void Free(nint ssl);

    [LibraryImport(Ssl, EntryPoint = "SSL_set_fd")]
    internal static partial int SetDescriptor(nint ssl, int descriptor);

    [LibraryImport(Ssl, EntryPoint = "SSL_set1_host", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int ExpectHost(nint ssl, string host);

    [LibraryImport(Ssl, EntryPoint = "SSL_connect")]
    internal static partial int Connect(nint ssl);

    [LibraryImport(Ssl, EntryPoint = "SSL_read")]
    internal static partial int Read(nint ssl, byte* buffer, int length);

    [LibraryImport(Ssl, EntryPoint = "SSL_write")]
    internal static partial int Write(nint ssl, byte* buffer, int length);

    [LibraryImport(Ssl, EntryPoint = "SSL_has_pending")]
    internal static partial int HasPending(nint ssl);

    [LibraryImport(Ssl, EntryPoint = "SSL_shutdown")]
    internal static partial int Shutdown(nint ssl);

    [LibraryImport(Ssl, EntryPoint = "SSL_get_error")]
    internal static partial int ErrorOf(nint ssl, int result);

    [LibraryImport(Ssl, EntryPoint = "SSL_get1_session")]
    internal static partial nint TakeSession(nint ssl);

    [LibraryImport(Ssl, EntryPoint = "SSL_set_session")]
    internal static partial int SetSession(nint ssl, nint session);

    [LibraryImport(Ssl, EntryPoint = "SSL_SESSION_is_resumable")]
    internal static partial int IsResumable(nint session);

    [LibraryImport(Ssl, EntryPoint = "SSL_SESSION_free")]
    internal static partial void FreeSession(nint session);

    [LibraryImport(Crypto, EntryPoint = "ERR_clear_error")]
    internal static partial void ClearErrors();

    /// <summary>A context for clients: TLS 1.2 or 1.3, no renegotiation, writes that may be partial, ALPN http/1.1. 0 on failure.</summary>
    internal static nint NewClientContext()
    {
        var context = NewContext(ClientMethod());
        if (context == 0)
            return 0;
        SetOptions(context, NoRenegotiation);
        ControlContext(context, SetMode, PartialWrites | MovingBuffer | ReleaseBuffers, 0);
        ControlContext(context, SetLeastVersion, Tls12, 0);
        // One system call brings a record's head and body.
        ControlContext(context, SetReadAhead, 1, 0);
        var protocols = "\bhttp/1.1"u8;
        fixed (byte* first = protocols)
            _ = SetProtocols(context, first, (uint)protocols.Length);
        return context;
    }

    /// <summary>Names the host in the handshake (SNI).</summary>
    internal static void NameServer(nint ssl, string host)
    {
        const int HostName = 0;
        var text = Marshal.StringToCoTaskMemUTF8(host);
        Control(ssl, SetServerName, HostName, text);
        Marshal.FreeCoTaskMem(text);
    }

    /// <summary>Whether the oldest error is that the peer ended the connection without close_notify. Clears all.</summary>
    internal static bool TakeUnexpectedEnd()
    {
        const nuint ReasonMask = 0x7FFFFF;
        const nuint UnexpectedEnd = 294;
        var reason = PeekError() & ReasonMask;
        ClearErrors();
        return reason == UnexpectedEnd;
    }

    /// <summary>Expects a certificate for an address.</summary>
    internal static int ExpectAddress(nint ssl, string address) => ExpectAddressOf(Parameters(ssl), address);

    [LibraryImport(Crypto, EntryPoint = "ERR_peek_error")]
    private static partial nuint PeekError();

    [LibraryImport(Ssl, EntryPoint = "OPENSSL_init_ssl")]
    private static partial int Initialize(ulong options, nint settings);

    [LibraryImport(Ssl, EntryPoint = "TLS_client_method")]
    private static partial nint ClientMethod();

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_new")]
    private static partial nint NewContext(nint method);

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_set_options")]
    private static partial ulong SetOptions(nint context, ulong options);

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_ctrl")]
    private static partial nint ControlContext(nint context, int command, nint value, nint pointer);

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_set_alpn_protos")]
    private static partial int SetProtocols(nint context, byte* protocols, uint length);

    [LibraryImport(Ssl, EntryPoint = "SSL_ctrl")]
    private static partial nint Control(nint ssl, int command, nint value, nint pointer);

    [LibraryImport(Ssl, EntryPoint = "SSL_get0_param")]
    private static partial nint Parameters(nint ssl);

    [LibraryImport(Crypto, EntryPoint = "X509_VERIFY_PARAM_set1_ip_asc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ExpectAddressOf(nint parameters, string address);
}
