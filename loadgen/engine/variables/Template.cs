using System.Text;

namespace Pressure.LoadGen.Engine;

/// <summary>Literal bytes, or a slot to be filled.</summary>
internal readonly record struct Piece(byte[] Literal, Expression? Slot, Escape Escape);

/// <summary>A text with slots, compiled once: rendering copies literals and fills slots, and allocates nothing.</summary>
internal sealed class Template
{
    private readonly Piece[] _pieces;

    private Template(Piece[] pieces) => _pieces = pieces;

    /// <summary>Whether anything in it differs from request to request.</summary>
    public bool HasSlots => Array.Exists(_pieces, p => p.Slot is not null);

    /// <summary>The columns, variables and functions in it.</summary>
    public IEnumerable<Expression> Leaves => _pieces.SelectMany(p => p.Slot?.Leaves ?? []);

    /// <summary>A text without slots.</summary>
    public static Template Literal(string text) => Literal(Encoding.UTF8.GetBytes(text));

    /// <summary>Bytes without slots.</summary>
    public static Template Literal(ReadOnlySpan<byte> bytes) => new([new(bytes.ToArray(), null, Escape.None)]);

    /// <summary>Compiles a text; what is wrong in it was reported when the plan was read, and stays as it is.</summary>
    public static Template Parse(string text, Escape escape, TemplateNames names)
    {
        var pieces = new List<Piece>();
        var at = 0;
        foreach (var (start, end, inner) in TemplateText.Slots(text, encoded: escape == Escape.Url))
        {
            if (ExpressionText.Parse(inner, names, out var slot) is not null)
                continue;
            // A number that is a whole JSON value loses its quotes here, and gets them back where it turns out to be none.
            var whole = slot is Expression.Number && escape == Escape.Json && start > 0 && text[start - 1] == '"' && end < text.Length && text[end] == '"';
            pieces.Add(new(Encoding.UTF8.GetBytes(text[at..(whole ? start - 1 : start)]), null, Escape.None));
            pieces.Add(new([], slot, whole ? Escape.JsonNumber : escape));
            at = whole ? end + 1 : end;
        }

        pieces.Add(new(Encoding.UTF8.GetBytes(text[at..]), null, Escape.None));
        return new([.. pieces.Where(p => p.Slot is not null || p.Literal.Length > 0)]);
    }

    /// <summary>A slot alone, of a value that needs no escaping.</summary>
    public static Template Slot(Expression slot) => new([new([], slot, Escape.None)]);

    /// <summary>Several as one.</summary>
    public static Template Join(IEnumerable<Template> parts) => new([.. parts.SelectMany(p => p._pieces)]);

    /// <summary>Appends the text with its slots filled.</summary>
    public void Render(IterationScope scope, ByteBuffer to)
    {
        foreach (ref readonly var piece in _pieces.AsSpan())
        {
            if (piece.Slot is null)
                to.Write(piece.Literal);
            else
                Escaping.Write(scope.ValueOf(piece.Slot), piece.Escape, to);
        }
    }

    /// <summary>The text with its slots filled.</summary>
    public byte[] Render(IterationScope scope)
    {
        var buffer = new ByteBuffer();
        Render(scope, buffer);
        return buffer.Written.ToArray();
    }
}
