using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;
using Pressure.Web.Language;

namespace Pressure.Web.Forms;

/// <summary>
/// One input of the form with label, help and error: <c>&lt;field name="pv.perDay" unit="unit.perDay" /&gt;</c>. Label and help are the texts
/// <c>field.NAME</c> and <c>help.NAME</c>, without the keys of rows: <c>urls[3].path</c> is <c>urls.path</c> there.
/// </summary>
[HtmlTargetElement("field", TagStructure = TagStructure.WithoutEndTag)]
public sealed class FieldTagHelper : TagHelper
{
    /// <summary>The input's name.</summary>
    public string Name { get; set; } = "";

    /// <summary>The input's type: <c>text</c>, <c>area</c> or <c>select</c>.</summary>
    public string Kind { get; set; } = "text";

    /// <summary>Choices of a select, separated by commas; each is shown as the text <c>choice.NAME.VALUE</c>, or as it is.</summary>
    public string Choices { get; set; } = "";

    /// <summary>Key of the text after the input.</summary>
    public string? Unit { get; set; }

    /// <summary>What an empty input shows.</summary>
    public string? Placeholder { get; set; }

    /// <summary>Keyboard of phones: <c>decimal</c>, <c>numeric</c>, <c>url</c>.</summary>
    public string? Inputmode { get; set; }

    /// <summary>Lines of an area.</summary>
    public int Lines { get; set; } = 3;

    /// <summary>Further classes.</summary>
    public string? Class { get; set; }

    /// <summary>The page.</summary>
    [ViewContext]
    [HtmlAttributeNotBound]
    public ViewContext Page { get; set; } = null!;

    /// <inheritdoc/>
    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        var (form, errors) = FormState.Of(Page.HttpContext);
        var t = Page.HttpContext.Texts();
        var plain = PlainName(Name);
        var error = errors.GetValueOrDefault(Name);
        var help = t.Or($"help.{plain}", "");
        output.TagName = "div";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", $"field {Class}{(error is null ? "" : " bad")}".TrimEnd());
        var html = new Markup();
        html.Add($"<label for=\"{Name}\">{t[$"field.{plain}"]}</label>");
        html.Raw("<div class=\"input\">").Raw(Input(form[Name], t, plain, help.Length > 0, error is not null));
        if (Unit is not null)
            html.Add($"<span class=\"unit\">{t[Unit]}</span>");
        html.Raw("</div>");
        if (error is not null)
            html.Add($"<p class=\"error\" id=\"{Name}-error\">{error}</p>");
        if (help.Length > 0)
            html.Add($"<p class=\"help\" id=\"{Name}-help\">{help}</p>");
        output.Content.SetHtmlContent(html.ToString());
    }

    private string Input(string value, Texts t, string plain, bool hasHelp, bool hasError)
    {
        var html = new Markup();
        var described = $"{(hasError ? $"{Name}-error " : "")}{(hasHelp ? $"{Name}-help" : "")}".Trim();
        FormattableString common = $" id=\"{Name}\" name=\"{Name}\" aria-describedby=\"{described}\" aria-invalid=\"{(hasError ? "true" : "false")}\" placeholder=\"{Placeholder}\"";
        switch (Kind)
        {
            case "area":
                html.Raw("<textarea").Add(common).Add($" rows=\"{Lines}\" spellcheck=\"false\">").Raw("\n").Add($"{value}</textarea>");
                break;
            case "select":
                html.Raw("<select").Add(common).Raw(">");
                foreach (var choice in Choices.Split(','))
                    html.Add($"<option value=\"{choice}\"").Raw(choice == value ? " selected>" : ">").Add($"{t.Or($"choice.{plain}.{choice}", choice)}</option>");
                html.Raw("</select>");
                break;
            default:
                html.Raw("<input type=\"text\" autocomplete=\"off\"").Add(common).Add($" value=\"{value}\" inputmode=\"{Inputmode ?? "text"}\">");
                break;
        }
        return html.ToString();
    }

    private static string PlainName(string name)
    {
        var open = name.IndexOf('[');
        return open < 0 ? name : name[..open] + name[(name.IndexOf(']') + 1)..];
    }
}
