using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Pressure.Web.Language;

namespace Pressure.Web.Pages;

/// <summary>What a visitor sees instead of an empty answer.</summary>
[IgnoreAntiforgeryToken]
[ResponseCache(NoStore = true)]
internal sealed class ErrorModel : PageModel
{
    private string _kind = "error";

    public void OnGet(int? status) => Choose(status);

    public void OnPost(int? status) => Choose(status);

    public string Title(Texts t) => t[$"page.{_kind}.title"];

    public string Remedy(Texts t) => t[$"page.{_kind}.remedy"];

    private void Choose(int? status) => _kind = status switch
    {
        404 => "missing",
        400 => "rejected",
        413 => "large",
        _ => "error",
    };
}
