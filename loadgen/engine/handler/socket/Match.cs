namespace Pressure.LoadGen.Engine;

/// <summary>An expectation of one iteration: its templates are filled.</summary>
/// <param name="contains">What must be in the message; null for anything.</param>
/// <param name="checks">What else must hold.</param>
internal sealed class Match(byte[]? contains, ResponseChecks checks)
{
    /// <summary>Where the text that is looked for ends; the whole length when none is; -1 when it is not there.</summary>
    public int EndIn(ReadOnlySpan<byte> bytes)
    {
        if (contains is null)
            return bytes.Length;
        var at = bytes.IndexOf(contains);
        return at < 0 ? -1 : at + contains.Length;
    }

    /// <summary>Whether a message with that text in it is the expected one.</summary>
    public bool Holds(ReadOnlySpan<byte> message)
    {
        var body = new BodyCheck();
        body.Begin(checks);
        body.Write(message);
        var holds = checks.Evaluate(Ok, body).Holds;
        body.Release();
        return holds;
    }

    // Messages have no status.
    private const int Ok = 200;
}
