using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Pressure.Web.Language;
using Pressure.Web.Settings;

namespace Pressure.Web.Pages;

/// <summary>The allow-list.</summary>
internal sealed class SettingsModel(SettingsFile settings) : PageModel
{
    /// <summary>The list as typed, one entry a line.</summary>
    public string Allow { get; private set; } = "";

    public IReadOnlyList<string> FromCommandLine => settings.FromCommandLine;

    public string StoredIn => settings.Path;

    public string? Error { get; private set; }

    public bool Saved { get; private set; }

    public void OnGet(string? saved)
    {
        Saved = saved == "1";
        Allow = string.Join("\n", settings.Current.Allow);
    }

    public IActionResult OnPost(string? allow)
    {
        var t = HttpContext.Texts();
        Allow = allow ?? "";
        var hosts = AllowedHost.Split(allow);
        if (hosts.Where(h => !AllowedHost.IsValid(h)).ToList() is { Count: > 0 } wrong)
            Error = t.With("settings.wrong", string.Join(", ", wrong.Take(5)));
        else if (hosts.Count > AllowedHost.Most)
            Error = t.With("settings.tooMany", AllowedHost.Most);
        else
            Error = Save(hosts);
        return Error is null ? Redirect("/settings?saved=1") : Page();
    }

    private string? Save(IReadOnlyList<string> hosts)
    {
        try
        {
            settings.Save(settings.Current with { Allow = hosts });
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
    }
}
