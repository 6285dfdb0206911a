using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Pressure.Chaos;

/// <summary>
/// Reads YAML into nodes that know their places, within bounds on depth and number. Aliases are written out, and what they stand for counts
/// each time, so that a few lines can't become a million values.
/// </summary>
internal sealed class YamlTree
{
    public const int Deepest = 32;
    public const int MostNodes = 20_000;

    private const string SyntaxRemedy = "Check brackets, quotes and indentation here; a text that contains ': ' or ' #' needs quotes.";

    private readonly Parser _parser;
    private readonly ExperimentProblems _problems;
    private readonly Dictionary<string, (ExperimentNode Node, int Count, int Height)> _anchors = [];
    private int _nodes;

    private YamlTree(string text, ExperimentProblems problems) => (_parser, _problems) = (new(new StringReader(text)), problems);

    /// <summary>The root, or null after reporting why there is none.</summary>
    public static ExperimentNode? Read(string text, ExperimentProblems problems)
    {
        var tree = new YamlTree(text, problems);
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

    private ExperimentNode? ReadDocument()
    {
        _parser.MoveNext();
        _parser.MoveNext();
        if (_parser.Current is not DocumentStart)
        {
            _problems.Add(1, 1, "", "the file is empty", "Begin with title:, description: and method:; see docs/chaos.md.");
            return null;
        }
        _parser.MoveNext();
        if (ReadNode(1, out _) is not { } root)
            return null;
        _parser.MoveNext();
        if (!_parser.MoveNext() || _parser.Current is StreamEnd)
            return root;
        Refuse("the file holds more than one YAML document", "Keep one experiment per file; remove what follows '---'.");
        return null;
    }

    /// <summary>Reads the node that begins at the current event, and leaves its last event current.</summary>
    private ExperimentNode? ReadNode(int depth, out int height)
    {
        height = 1;
        if (depth > Deepest)
            return Refuse($"nested deeper than {Deepest} levels", "Flatten it.");
        if (++_nodes > MostNodes)
            return TooMany();
        if (_parser.Current is NodeEvent { Tag.IsEmpty: false } tagged && !IsStandard(tagged.Tag))
            return Refuse($"tag '{ExperimentProblems.Shown(tagged.Tag.ToString())}' in the experiment", "Remove it; experiments need no YAML tags.");
        var before = _nodes;
        var anchor = (_parser.Current as NodeEvent)?.Anchor;
        var node = _parser.Current switch
        {
            Scalar s when ExperimentReader.HalfCharacter(s.Value) >= 0 => Refuse("half of a character (a surrogate alone) in a text", "Write the whole character."),
            Scalar s => ScalarOf(s),
            SequenceStart s => ReadList(s, depth, out height),
            MappingStart m => ReadMap(m, depth, out height),
            AnchorAlias a => ReadAlias(a, depth, out height),
            _ => Refuse("unexpected end", SyntaxRemedy),
        };
        if (node is not null && _parser.Current is not AnchorAlias && anchor is { IsEmpty: false } name)
            _anchors[name.Value] = (node, _nodes - before + 1, height);
        return node;
    }

    private static ExperimentNode.Scalar ScalarOf(Scalar s) =>
        new((int)s.Start.Line, (int)s.Start.Column, s.Style == ScalarStyle.Plain && !IsString(s.Tag) ? ScalarTyping.Of(s.Value) : s.Value);

    private ExperimentNode? ReadAlias(AnchorAlias alias, int depth, out int height)
    {
        height = 1;
        if (!_anchors.TryGetValue(alias.Value.Value, out var known))
            return Refuse($"alias '*{ExperimentProblems.Shown(alias.Value.Value)}' stands for nothing that was given before", "Give the anchor before it is used, and not inside itself.");
        height = known.Height;
        if (depth + height - 1 > Deepest)
            return Refuse($"nested deeper than {Deepest} levels", "Flatten it.");
        _nodes += known.Count;
        return _nodes > MostNodes ? TooMany() : known.Node;
    }

    private ExperimentNode.List? ReadList(SequenceStart start, int depth, out int height)
    {
        height = 1;
        var items = new List<ExperimentNode>();
        while (_parser.MoveNext() && _parser.Current is not SequenceEnd)
        {
            if (ReadNode(depth + 1, out var below) is not { } item)
                return null;
            height = Math.Max(height, below + 1);
            items.Add(item);
        }
        return new((int)start.Start.Line, (int)start.Start.Column, items);
    }

    private ExperimentNode.Map? ReadMap(MappingStart start, int depth, out int height)
    {
        height = 1;
        var entries = new List<ExperimentEntry>();
        while (_parser.MoveNext() && _parser.Current is not MappingEnd)
        {
            if (ReadNode(depth + 1, out _) is not { } key)
                return null;
            _parser.MoveNext();
            if (ReadNode(depth + 1, out var below) is not { } value)
                return null;
            height = Math.Max(height, below + 1);
            if (key is ExperimentNode.Scalar name)
                entries.Add(new(name, value));
            else
                _problems.Add(key, "", $"a key is {key.Kind}", "Write a text as the key.");
        }
        return new((int)start.Start.Line, (int)start.Start.Column, entries);
    }

    private ExperimentNode? TooMany() => Refuse($"more than {MostNodes:N0} values", "Shorten the experiment.");

    private ExperimentNode? Refuse(string message, string remedy)
    {
        var at = _parser.Current?.Start ?? Mark.Empty;
        _problems.Add((int)at.Line, (int)at.Column, "", message, remedy);
        return null;
    }

    private static bool IsStandard(TagName tag) => tag.IsNonSpecific || IsString(tag);

    private static bool IsString(TagName tag) => !tag.IsEmpty && (tag.IsNonSpecific || tag.Value == "tag:yaml.org,2002:str");
}
