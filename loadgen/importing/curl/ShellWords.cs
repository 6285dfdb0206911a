using System.Text;

namespace Pressure.LoadGen.Importing;

/// <summary>
/// Cuts a script into commands and words by the quoting rules of POSIX shells (and <c>$'...'</c> of bash): nothing is expanded and
/// nothing is run.
/// </summary>
internal sealed class ShellWords
{
    private readonly string _text;
    private readonly ImportScope _scope;
    private readonly List<ShellCommand> _commands = [];
    private readonly StringBuilder _word = new();
    private List<string> _words = [];
    private List<ShellOddity> _oddities = [];
    private int _at;
    private int _line = 1;
    private int _commandLine = 1;
    private bool _inWord;
    private bool _dropsNext;

    private ShellWords(string text, ImportScope scope) => (_text, _scope) = (text, scope);

    /// <summary>The commands; an open quote at the end is reported with the line of its beginning.</summary>
    public static List<ShellCommand> Read(string text, ImportScope scope)
    {
        var words = new ShellWords(text.Replace("\r\n", "\n"), scope);
        while (words._at < words._text.Length)
            words.Step();
        words.EndCommand();
        return words._commands;
    }

    private char Next => _at + 1 < _text.Length ? _text[_at + 1] : '\0';

    private void Step()
    {
        var c = _text[_at];
        switch (c)
        {
            case '\n':
                EndCommand();
                _at++;
                _line++;
                break;
            case ' ' or '\t' or '\r':
                EndWord();
                _at++;
                break;
            case '#' when !_inWord:
                _at = _text.IndexOf('\n', _at) is >= 0 and var end ? end : _text.Length;
                break;
            case ';' or '&' or '|':
                EndOrPipe(c);
                break;
            case '<' or '>':
                Redirect(c);
                break;
            case '\\':
                Escaped();
                break;
            case '^' when Next is '"' or '\n':
                Odd(ShellOddity.WindowsQuoting);
                Keep(c);
                break;
            case '\'':
                Quoted(_at + 1, '\'', _ => { });
                break;
            case '"':
                Quoted(_at + 1, '"', InDoubleQuotes);
                break;
            case '$' when Next == '\'':
                _at++;
                Quoted(_at + 1, '\'', word => AnsiEscape.Read(_text, ref _at, word));
                break;
            case '$' when Next == '"':
                _at++;
                break;
            case '$' or '`':
                Expansion();
                break;
            default:
                Keep(c);
                break;
        }
    }

    private void Keep(char c)
    {
        Begin();
        _word.Append(c);
        _at++;
    }

    private void Begin()
    {
        if (!_inWord && _words.Count == 0)
            _commandLine = _line;
        _inWord = true;
    }

    private void Escaped()
    {
        if (Next == '\n')
        {
            _line++;
            _at += 2;
            return;
        }
        _at++;
        if (_at < _text.Length)
            Keep(_text[_at]);
    }

    /// <summary>Text up to the closing quote. <paramref name="special"/> reads what has a meaning within, or nothing.</summary>
    private void Quoted(int from, char quote, Action<StringBuilder> special)
    {
        Begin();
        var line = _line;
        for (_at = from; _at < _text.Length;)
        {
            if (_text[_at] == quote)
            {
                _at++;
                return;
            }
            var before = _at;
            special(_word);
            _line += _text.AsSpan(before, _at - before).Count('\n');
            if (_at > before)
                continue;
            _line += _text[_at] == '\n' ? 1 : 0;
            _word.Append(_text[_at++]);
        }
        _scope.FailAt(line, from - 1 - _text.AsSpan(0, from - 1).LastIndexOf('\n'), $"the quote {quote} is never closed", "Close it, or check that the command was copied whole.");
    }

    private void InDoubleQuotes(StringBuilder word)
    {
        var c = _text[_at];
        if (c == '\\' && Next is '"' or '\\' or '$' or '`' or '\n')
        {
            if (Next != '\n')
                word.Append(Next);
            _at += 2;
        }
        else if (c is '$' or '`')
        {
            NoteExpansion();
        }
    }

    private void Expansion()
    {
        NoteExpansion();
        Keep(_text[_at]);
    }

    private void NoteExpansion()
    {
        if (_text[_at] == '`' || Next == '(')
            Odd(ShellOddity.Substitution);
        else if (Next == '{' || Next == '_' || char.IsAsciiLetter(Next))
            Odd(ShellOddity.Variable);
    }

    private void EndOrPipe(char c)
    {
        var isPipe = c == '|' && Next != '|';
        if (isPipe)
            Odd(ShellOddity.Pipe);
        EndCommand();
        _at += Next == c ? 2 : 1;
        // What a pipe feeds is no request of its own.
        if (isPipe)
            SkipToEndOfCommand();
    }

    private void SkipToEndOfCommand()
    {
        var kept = _commands.Count;
        while (_at < _text.Length && _text[_at] is not ('\n' or ';') && _commands.Count == kept)
            Step();
        (_words, _oddities, _inWord) = ([], [], false);
        _word.Clear();
        if (_commands.Count > kept)
            _commands.RemoveRange(kept, _commands.Count - kept);
    }

    private void Redirect(char c)
    {
        // The number before it is a descriptor: 2>/dev/null.
        if (_inWord && _word.Length == 1 && char.IsAsciiDigit(_word[0]))
            (_inWord, _) = (false, _word.Clear());
        EndWord();
        Odd(c == '<' && Next == '<' ? ShellOddity.HereDocument : ShellOddity.Redirection);
        _at++;
        while (_at < _text.Length && _text[_at] is '<' or '>' or '&' or '-')
            _at++;
        _dropsNext = true;
    }

    private void Odd(ShellOddity oddity)
    {
        if (!_oddities.Contains(oddity))
            _oddities.Add(oddity);
    }

    private void EndWord()
    {
        if (_inWord && !_dropsNext)
            _words.Add(_word.ToString());
        _dropsNext &= !_inWord;
        _word.Clear();
        _inWord = false;
    }

    private void EndCommand()
    {
        EndWord();
        _dropsNext = false;
        if (_words.Count > 0)
            _commands.Add(new(_commandLine, _words, _oddities));
        (_words, _oddities) = ([], []);
    }
}
