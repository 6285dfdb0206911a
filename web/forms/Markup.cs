using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace Pressure.Web.Forms;

/// <summary>HTML being written: every value that goes in by <see cref="Add"/> is encoded.</summary>
internal sealed class Markup
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);
    private readonly StringBuilder _html = new();

    /// <summary>Markup of ours.</summary>
    public Markup Raw(string markup)
    {
        _html.Append(markup);
        return this;
    }

    /// <summary>Markup of ours with values of anybody's.</summary>
    public Markup Add(FormattableString markup)
    {
        _html.AppendFormat(null, markup.Format, [.. markup.GetArguments().Select(v => (object)Encoder.Encode(v?.ToString() ?? ""))]);
        return this;
    }

    public override string ToString() => _html.ToString();
}
