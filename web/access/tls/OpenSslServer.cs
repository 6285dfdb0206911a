using System.Runtime.InteropServices;

namespace Pressure.Web.Access;

/// <summary>
/// The part of the system's OpenSSL 3 that a server of very many quiet connections needs. SslStream keeps some 35 KB of OpenSSL's buffers for each
/// connection as long as it lasts; here they are given back whenever they are empty, and what is left is a third.
/// </summary>
internal static unsafe partial class OpenSslServer
{
    internal const int WantRead = 2;
    internal const int ZeroReturn = 6;

    private const string Ssl = "libssl.so.3";
    private const string Crypto = "libcrypto.so.3";

    // The process belongs to .NET, which ends while other threads may still be in the library.
    private const ulong NoCleanupAtExit = 0x00080000;
    private const ulong NoRenegotiation = 1UL << 30;
    private const ulong NoTickets = 1UL << 14;

    private const int AddChainCertificate = 14;
    private const int SetMode = 33;
    private const int SetReadAhead = 41;
    private const int SetSessionCache = 44;
    private const int SetLeastVersion = 123;
    private const nint MovingBuffer = 0x2;
    private const nint ReleaseBuffers = 0x10;
    private const nint Tls12 = 0x0303;
    private const int PendingBytes = 10;

    /// <summary>Whether this machine has it.</summary>
    internal static bool IsPresent { get; } = OperatingSystem.IsLinux() && NativeLibrary.TryLoad(Ssl, out _) && NativeLibrary.TryLoad(Crypto, out _) && Initialize(NoCleanupAtExit, 0) == 1;

    /// <summary>A context for servers: TLS 1.2 or 1.3, no renegotiation, nothing kept for resumption. 0 on failure.</summary>
    /// <param name="certificate">DER.</param>
    /// <param name="chain">DER each.</param>
    /// <param name="key">DER in the form of its algorithm.</param>
    /// <param name="isElliptic">Whether the key is one of a curve; else it is one of RSA.</param>
    internal static nint NewContext(byte[] certificate, IEnumerable<byte[]> chain, byte[] key, bool isElliptic)
    {
        const int Rsa = 6, Elliptic = 408;
        var context = NewContext(ServerMethod());
        if (context == 0)
            return 0;
        SetOptions(context, NoRenegotiation | NoTickets);
        Control(context, SetMode, MovingBuffer | ReleaseBuffers, 0);
        Control(context, SetLeastVersion, Tls12, 0);
        Control(context, SetSessionCache, 0, 0);
        // One system call brings a record's head and body.
        Control(context, SetReadAhead, 1, 0);
        _ = SetTickets(context, 0);
        var sound = UseCertificate(context, certificate.Length, certificate) == 1 && UseKey(isElliptic ? Elliptic : Rsa, context, key, key.Length) == 1;
        foreach (var link in chain)
        {
            fixed (byte* bytes = link)
            {
                var at = bytes;
                var parsed = ParseCertificate(0, &at, link.Length);
                sound &= parsed != 0 && Control(context, AddChainCertificate, 0, parsed) == 1;
            }
        }
        if (sound)
            return context;
        ClearErrors();
        FreeContext(context);
        return 0;
    }

    /// <summary>A connection that reads from a descriptor and writes into <paramref name="output"/>; it owns the latter. 0 on failure.</summary>
    internal static nint NewConnection(nint context, int descriptor, out nint output)
    {
        output = 0;
        var ssl = New(context);
        if (ssl == 0)
            return 0;
        output = NewBuffer(MemoryMethod());
        SetBuffers(ssl, NewSocket(descriptor, 0), output);
        BeServer(ssl);
        return ssl;
    }

    /// <summary>Takes another buffer to write into: the one of the handshake has grown to the size of the certificates.</summary>
    internal static nint RenewOutput(nint ssl)
    {
        var output = NewBuffer(MemoryMethod());
        SetOutput(ssl, output);
        return output;
    }

    /// <summary>Bytes that wait in a buffer.</summary>
    internal static int Pending(nint buffer) => (int)ControlBuffer(buffer, PendingBytes, 0, 0);

    [LibraryImport(Ssl, EntryPoint = "SSL_free")]
    internal static partial void Free(nint ssl);

    [LibraryImport(Ssl, EntryPoint = "SSL_do_handshake")]
    internal static partial int Handshake(nint ssl);

    [LibraryImport(Ssl, EntryPoint = "SSL_read")]
    internal static partial int Read(nint ssl, byte* to, int length);

    [LibraryImport(Ssl, EntryPoint = "SSL_write")]
    internal static partial int Write(nint ssl, byte* from, int length);

    [LibraryImport(Ssl, EntryPoint = "SSL_has_pending")]
    internal static partial int HasPending(nint ssl);

    [LibraryImport(Ssl, EntryPoint = "SSL_get_error")]
    internal static partial int ErrorOf(nint ssl, int result);

    [LibraryImport(Crypto, EntryPoint = "BIO_read")]
    internal static partial int Take(nint buffer, byte* to, int length);

    [LibraryImport(Crypto, EntryPoint = "ERR_clear_error")]
    internal static partial void ClearErrors();

    [LibraryImport(Ssl, EntryPoint = "OPENSSL_init_ssl")]
    private static partial int Initialize(ulong options, nint settings);

    [LibraryImport(Ssl, EntryPoint = "TLS_server_method")]
    private static partial nint ServerMethod();

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_new")]
    private static partial nint NewContext(nint method);

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_free")]
    private static partial void FreeContext(nint context);

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_set_options")]
    private static partial ulong SetOptions(nint context, ulong options);

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_ctrl")]
    private static partial nint Control(nint context, int command, nint value, nint pointer);

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_set_num_tickets")]
    private static partial int SetTickets(nint context, nuint tickets);

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_use_certificate_ASN1")]
    private static partial int UseCertificate(nint context, int length, byte[] der);

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_use_PrivateKey_ASN1")]
    private static partial int UseKey(int algorithm, nint context, byte[] der, nint length);

    [LibraryImport(Crypto, EntryPoint = "d2i_X509")]
    private static partial nint ParseCertificate(nint into, byte** der, nint length);

    [LibraryImport(Ssl, EntryPoint = "SSL_new")]
    private static partial nint New(nint context);

    [LibraryImport(Ssl, EntryPoint = "SSL_set_bio")]
    private static partial void SetBuffers(nint ssl, nint input, nint output);

    [LibraryImport(Ssl, EntryPoint = "SSL_set0_wbio")]
    private static partial void SetOutput(nint ssl, nint output);

    [LibraryImport(Ssl, EntryPoint = "SSL_set_accept_state")]
    private static partial void BeServer(nint ssl);

    [LibraryImport(Crypto, EntryPoint = "BIO_s_mem")]
    private static partial nint MemoryMethod();

    [LibraryImport(Crypto, EntryPoint = "BIO_new")]
    private static partial nint NewBuffer(nint method);

    [LibraryImport(Crypto, EntryPoint = "BIO_new_socket")]
    private static partial nint NewSocket(int descriptor, int closes);

    [LibraryImport(Crypto, EntryPoint = "BIO_ctrl")]
    private static partial nint ControlBuffer(nint buffer, int command, nint value, nint pointer);
}
