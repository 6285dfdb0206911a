using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace Pressure.Reports;

/// <summary>
/// Text that is HTML already. Made from interpolated strings only: what stands in them is markup, what is filled in is escaped
/// unless it is <see cref="Html"/> itself. So nothing that a run brings along can become markup by being forgotten.
/// </summary>
internal readonly record struct Html(string Markup)
{
    public static readonly Html Empty = new("");

    public static Html Of(HtmlText text) => new(text.Result);

    /// <summary>All parts one after another.</summary>
    public static Html Join(IEnumerable<Html> parts) => new(string.Concat(parts.Select(p => p.Markup)));

    /// <summary>One piece of markup per item.</summary>
    public static Html Each<T>(IEnumerable<T> items, Func<T, Html> markup) => Join(items.Select(markup));

    public override string ToString() => Markup;
}

/// <summary>Escapes what is filled into an <see cref="Html"/>.</summary>
[InterpolatedStringHandler]
internal readonly struct HtmlText(int literalLength, int formattedCount)
{
    // Chinese stays readable in the source; < > & " ' and all control characters do not pass.
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);
    private readonly StringBuilder _text = new(literalLength + formattedCount * 16);

    public string Result => _text.ToString();

    public void AppendLiteral(string markup) => _text.Append(markup);

    public void AppendFormatted(Html markup) => _text.Append(markup.Markup);

    public void AppendFormatted(string? text) => _text.Append(Encoder.Encode(text ?? ""));

    public void AppendFormatted(int number) => _text.Append(number.ToString(CultureInfo.InvariantCulture));
}
