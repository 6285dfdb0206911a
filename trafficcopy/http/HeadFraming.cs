namespace Pressure.TrafficCopy;

/// <summary>How a message says where its body ends.</summary>
internal enum Coding
{
    /// <summary>It says nothing, or a length.</summary>
    None,

    /// <summary>In chunks.</summary>
    Chunked,

    /// <summary>By a transfer coding that does not end in chunked.</summary>
    Unknown,
}

/// <summary>What a head says that matters for framing.</summary>
internal record struct HeadFraming
{
    /// <summary>Whether its start line is one.</summary>
    public bool IsValid;

    /// <summary>The 1 of HTTP/1.1.</summary>
    public int Minor;

    /// <summary>Of a request.</summary>
    public MethodKind Method;

    /// <summary>Of a response.</summary>
    public int Status;

    /// <summary>The body's length; negative without a field.</summary>
    public long Length;

    /// <summary>How the body is framed, beside a length.</summary>
    public Coding Coding;

    /// <summary>The lengths contradict each other, or can't be read.</summary>
    public bool IsLengthBad;

    /// <summary>Others may read it in another way.</summary>
    public bool IsAmbiguous;

    /// <summary>It has a field Upgrade.</summary>
    public bool Upgrades;

    /// <summary>Of these, to HTTP/2.</summary>
    public bool UpgradesToHttp2;

    /// <summary>It has folded lines, lines ended by LF alone, or CR or NUL within lines: it has to be written anew.</summary>
    public bool IsUnclean;
}
