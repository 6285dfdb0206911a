using Microsoft.AspNetCore.Mvc.RazorPages;
using Pressure.Chaos;
using Pressure.Web.Chaos;

namespace Pressure.Web.Pages;

/// <summary>Who struck, refused, approved and changed what; and whether nobody has changed that since.</summary>
internal sealed class AuditModel(GuardDesk guards) : PageModel
{
    public IReadOnlyList<AuditLine> Last { get; private set; } = [];

    public AuditVerdict? Verdict { get; private set; }

    public string? Problem { get; private set; }

    public async Task OnGetAsync() => (Last, Verdict, Problem) = await guards.AuditAsync(HttpContext.RequestAborted);
}
