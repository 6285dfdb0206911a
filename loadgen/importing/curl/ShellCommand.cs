namespace Pressure.LoadGen.Importing;

/// <summary>One command of a shell script.</summary>
/// <param name="Line">Where it begins, from 1.</param>
/// <param name="Words">Its words, quotes undone.</param>
/// <param name="Oddities">What the shell would do that is not done here: <c>$(...)</c>, redirections, pipes.</param>
internal sealed record ShellCommand(int Line, IReadOnlyList<string> Words, IReadOnlyList<ShellOddity> Oddities);

/// <summary>What only a shell can do. A closed set.</summary>
internal enum ShellOddity
{
    /// <summary><c>$NAME</c>: stays as it is written.</summary>
    Variable,

    /// <summary><c>$(...)</c> or backquotes.</summary>
    Substitution,

    /// <summary><c>&lt;&lt;END</c>.</summary>
    HereDocument,

    /// <summary><c>&gt; file</c>: what is done with the answer.</summary>
    Redirection,

    /// <summary><c>| command</c>: what is done with the answer.</summary>
    Pipe,

    /// <summary>Carets before quotes or line ends: quoting of the Windows command prompt.</summary>
    WindowsQuoting,
}
