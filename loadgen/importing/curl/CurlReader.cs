using System.Text.RegularExpressions;

namespace Pressure.LoadGen.Importing;

/// <summary>Reads curl commands as they stand in shell scripts, documentation and browsers' "copy as cURL (bash)".</summary>
internal static partial class CurlReader
{
    public static Found Read(string text, ImportScope scope)
    {
        var requests = new List<FoundRequest>();
        foreach (var command in ShellWords.Read(text, scope))
        {
            var where = $"line {command.Line}";
            var words = command.Words.SkipWhile(w => w is "$" or "sudo" or "time" or "exec" || Assignment().IsMatch(w)).ToList();
            if (words.Count == 0)
                continue;
            if (words[0] is not ("curl" or "curl.exe") && !words[0].EndsWith("/curl", StringComparison.Ordinal))
                scope.Skip($"command '{Shown.Of(words[0])}'", "not a curl command", where);
            else if (!IsLeftOut(command, where, scope))
                requests.AddRange(ReadCalls(words, where, scope));
        }
        return new(requests);
    }

    private static bool IsLeftOut(ShellCommand command, string where, ImportScope scope)
    {
        string? reason = null;
        foreach (var oddity in command.Oddities)
        {
            switch (oddity)
            {
                case ShellOddity.Variable:
                    scope.Skip("shell variables", "they stay as they are written ($NAME); write the values in", where);
                    break;
                case ShellOddity.Redirection or ShellOddity.Pipe:
                    scope.Skip("redirections and pipes", "what is done with the answer is no part of a request", where);
                    break;
                case ShellOddity.Substitution:
                    reason = "it holds $(...) or `...`, which are not run; write the value in";
                    break;
                case ShellOddity.HereDocument:
                    reason = "it reads a here-document; write the body into the command";
                    break;
                case ShellOddity.WindowsQuoting:
                    reason = "it is quoted for the Windows command prompt; copy as cURL (bash)";
                    break;
            }
        }
        if (reason is not null)
            scope.Skip("curl command", reason, where);
        return reason is not null;
    }

    private static List<FoundRequest> ReadCalls(List<string> words, string where, ImportScope scope)
    {
        var requests = new List<FoundRequest>();
        var call = new CurlCall(where, scope);
        var onlyUrls = false;
        for (var i = 1; i < words.Count; i++)
        {
            var word = words[i];
            if (onlyUrls || !word.StartsWith('-') || word == "-")
                call.AddUrl(word);
            else if (word == "--")
                onlyUrls = true;
            else if (word is "--next" or "-:")
                call = Begin(call);
            else if (word.StartsWith("--", StringComparison.Ordinal))
                i += Take(call, word[2..], word, i + 1 < words.Count ? words[i + 1] : null, where, scope) ? 1 : 0;
            else
                i += TakeShort(call, word, i + 1 < words.Count ? words[i + 1] : null, where, scope) ? 1 : 0;
        }
        Begin(call);
        return requests;

        CurlCall Begin(CurlCall before)
        {
            if (!before.HasUrl)
                scope.Skip("curl command", "it has no URL", where);
            requests.AddRange(before.Requests());
            return new(where, scope);
        }
    }

    /// <summary>Letters that stand together, of which the last may take the rest of the word or the next one. True when that was used.</summary>
    private static bool TakeShort(CurlCall call, string word, string? next, string where, ImportScope scope)
    {
        for (var i = 1; i < word.Length; i++)
        {
            if (CurlOptions.LongName(word[i]) is not { } name)
            {
                scope.Skip($"option -{word[i]}", "curl has no such option", where);
                return false;
            }
            if (!CurlOptions.TakesValue(name))
            {
                Take(call, name, $"-{word[i]}", null, where, scope);
                continue;
            }
            var rest = word[(i + 1)..];
            return Take(call, name, $"-{word[i]}", rest.Length > 0 ? rest : next, where, scope) && rest.Length == 0;
        }
        return false;
    }

    /// <summary>Takes an option; true when the value was used.</summary>
    private static bool Take(CurlCall call, string name, string written, string? value, string where, ImportScope scope)
    {
        var takesValue = CurlOptions.TakesValue(name);
        if (takesValue && value is null)
        {
            scope.Skip($"option {written}", "its value is missing", where);
            return false;
        }
        if (!call.Take(name, value ?? "") && !CurlOptions.IsAboutOutput(name))
            scope.Skip($"option {written}", CurlOptions.WhyNot(name) ?? "has no counterpart in plans", where);
        return takesValue;
    }

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_]*=")]
    private static partial Regex Assignment();
}
