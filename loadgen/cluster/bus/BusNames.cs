using System.Buffers;

namespace Pressure.Cluster;

/// <summary>What mailboxes and topics may be called, and what messages may be.</summary>
internal static class BusNames
{
    private const int MostCharacters = 180;

    private static readonly SearchValues<char> Allowed = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_");

    /// <exception cref="BusException">It is no name.</exception>
    public static void Check(string name)
    {
        if (name.Length is 0 or > MostCharacters || name.AsSpan().ContainsAnyExcept(Allowed))
            throw new BusException($"'{name}' can't be the name of a mailbox or a topic. Use up to {MostCharacters} letters, digits, dots, hyphens and underscores.");
    }

    /// <exception cref="BusException">It is too long.</exception>
    public static void Check(BusMessage message) => Check(message, BusMessage.MostBytes);

    /// <exception cref="BusException">It is too long for a topic.</exception>
    public static void CheckTold(BusMessage message) => Check(message, BusMessage.MostToldBytes);

    private static void Check(BusMessage message, int most)
    {
        if (message.Body.Length > most)
            throw new BusException($"A message of {message.Body.Length} bytes is too long; {most} are the most. Send it in pieces.");
        if (message.Kind.Length is 0 or > MostCharacters)
            throw new BusException($"The kind of a message has {message.Kind.Length} characters; 1 to {MostCharacters} are possible.");
    }
}
