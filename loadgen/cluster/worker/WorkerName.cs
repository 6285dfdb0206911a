namespace Pressure.Cluster;

/// <summary>What workers may be called: their name is part of a mailbox's and of a folder's.</summary>
public static class WorkerName
{
    private const int Longest = 60;

    /// <summary>Letters, digits, dots and hyphens of ASCII; begins with a letter or digit.</summary>
    public static bool IsValid(string name) => name.Length is > 0 and <= Longest && char.IsAsciiLetterOrDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-');

    /// <summary>The nearest valid name: what a worker is called that was not given one.</summary>
    public static string From(string text)
    {
        var name = new string([.. text.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' ? c : '-')]).TrimStart('.', '-');
        return name.Length == 0 ? "worker" : name.Length > Longest ? name[..Longest] : name;
    }
}
