using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Pressure.LoadGen;

/// <summary>Reads YAML (and so JSON) into nodes that know their places, within bounds on depth and number, and without aliases.</summary>
internal sealed class PlanTree
{
    private const int Deepest = 32;
    private const int MostNodes = 100_000;

    private readonly Parser _parser;
    private readonly ProblemList _problems;
    private int _nodes;

    private PlanTree(string text, ProblemList problems) => (_parser, _problems) = (new(new StringReader(text)), problems);

    /// <summary>The root, or null after reporting why there is none.</summary>
    public static PlanNode? Read(string text, ProblemList problems)
    {
        if (!IsCleanText(text, problems))
            return null;
        var tree = new PlanTree(text, problems);
        try
        {
            return tree.ReadDocument();
        }
        catch (YamlException e)
        {
            problems.Add((int)e.Start.Line, (int)e.Start.Column, "", e.Message.TrimEnd('.'), SyntaxRemedy);
        }
        // The parser throws this where a closing bracket is indented too little.
        catch (InvalidOperationException)
        {
            var end = tree._parser.Current?.End ?? Mark.Empty;
            problems.Add((int)end.Line, (int)end.Column, "", "the YAML can't be read from here on", SyntaxRemedy);
        }
        return null;
    }

    private const string SyntaxRemedy = "Check brackets, quotes and indentation here; a text that contains ': ' or ' #' needs quotes.";

    private static bool IsCleanText(string text, ProblemList problems)
    {
        var at = text.AsSpan().IndexOfAnyInRange('\0', '\b');
        at = at >= 0 ? at : text.AsSpan().IndexOfAnyInRange('\u000e', '\u001f');
        if (at < 0)
            return true;
        var before = text.AsSpan(0, at);
        problems.Add(before.Count('\n') + 1, at - before.LastIndexOf('\n'), "", $"control character U+{(int)text[at]:X4} in the file", "Remove it; in a quoted text write it as \\x and two hexadecimal digits.");
        return false;
    }

    private PlanNode? ReadDocument()
    {
        _parser.MoveNext();
        _parser.MoveNext();
        if (_parser.Current is not DocumentStart)
        {
            _problems.Add(1, 1, "", "the file is empty", "Begin with name:, target:, load: and scenarios:; see docs/plan.md.");
            return null;
        }
        _parser.MoveNext();
        if (ReadNode(1) is not { } root)
            return null;
        _parser.MoveNext();
        if (!_parser.MoveNext() || _parser.Current is StreamEnd)
            return root;
        Refuse("the file holds more than one YAML document", "Keep one plan per file; remove what follows '---'.");
        return null;
    }

    /// <summary>Reads the node that begins at the current event, and leaves its last event current.</summary>
    private PlanNode? ReadNode(int depth)
    {
        if (depth > Deepest)
            return Refuse($"nested deeper than {Deepest} levels", "Flatten the plan.");
        if (++_nodes > MostNodes)
            return Refuse($"more than {MostNodes:N0} values", "Shorten the plan.");
        if (_parser.Current is NodeEvent { Tag.IsEmpty: false } tagged)
            return Refuse($"tag '{Shown.Of(tagged.Tag.ToString())}' in the plan", "Remove it; plans need no YAML tags.");
        return _parser.Current switch
        {
            YamlDotNet.Core.Events.Scalar s => new PlanNode.Scalar((int)s.Start.Line, (int)s.Start.Column, s.Value, s.Style != ScalarStyle.Plain),
            SequenceStart s => ReadSequence(s, depth),
            MappingStart m => ReadMapping(m, depth),
            AnchorAlias a => Refuse($"alias '*{Shown.Of(a.Value.Value)}' in the plan", "Write the value out; aliases are not read."),
            _ => Refuse("unexpected end", SyntaxRemedy),
        };
    }

    private PlanNode.Sequence? ReadSequence(SequenceStart start, int depth)
    {
        var items = new List<PlanNode>();
        while (_parser.MoveNext() && _parser.Current is not SequenceEnd)
        {
            if (ReadNode(depth + 1) is not { } item)
                return null;
            items.Add(item);
        }
        return new((int)start.Start.Line, (int)start.Start.Column, items);
    }

    private PlanNode.Mapping? ReadMapping(MappingStart start, int depth)
    {
        var entries = new List<PlanEntry>();
        while (_parser.MoveNext() && _parser.Current is not MappingEnd)
        {
            if (ReadNode(depth + 1) is not { } key)
                return null;
            _parser.MoveNext();
            if (ReadNode(depth + 1) is not { } value)
                return null;
            if (key is PlanNode.Scalar name)
                entries.Add(new(name, value));
            else
                _problems.Add(key, "", $"a key is {key.Kind}", "Write a text as the key.");
        }
        return new((int)start.Start.Line, (int)start.Start.Column, entries);
    }

    private PlanNode? Refuse(string message, string remedy)
    {
        var at = _parser.Current?.Start ?? Mark.Empty;
        _problems.Add((int)at.Line, (int)at.Column, "", message, remedy);
        return null;
    }
}
