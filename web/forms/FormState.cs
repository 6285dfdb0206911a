using Microsoft.AspNetCore.Http;

namespace Pressure.Web.Forms;

/// <summary>The form being shown and what is wrong with it, by input name; the empty name stands for the form as a whole.</summary>
internal sealed record FormState(TestForm Form, IReadOnlyDictionary<string, string> Errors)
{
    public static FormState Of(HttpContext context) =>
        context.Items[typeof(FormState)] as FormState ?? throw new InvalidOperationException("No form was prepared for this page.");

    public void Show(HttpContext context) => context.Items[typeof(FormState)] = this;
}
