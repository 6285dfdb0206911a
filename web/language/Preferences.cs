using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Pressure.Web.Language;

/// <summary>
/// Language and theme of a visitor: <c>?lang=</c> and <c>?theme=</c> are kept in cookies; without either the browser's wishes count.
/// </summary>
internal sealed record Preferences(Texts Texts, string Theme)
{
    private const string LanguageCookie = "pressure-lang", ThemeCookie = "pressure-theme";

    /// <summary>Themes; <c>system</c> follows the visitor's system.</summary>
    public static readonly IReadOnlyList<string> Themes = ["system", "light", "dark"];

    public static void Use(IApplicationBuilder app) => app.Use((context, next) =>
    {
        var request = context.Request;
        var asked = Texts.ByCode(request.Query["lang"]);
        var theme = KnownTheme(request.Query["theme"]);
        if (asked is not null)
            Keep(context.Response, LanguageCookie, asked.Code);
        if (theme is not null)
            Keep(context.Response, ThemeCookie, theme);
        context.Items[typeof(Preferences)] = new Preferences(
            asked ?? Texts.ByCode(request.Cookies[LanguageCookie]) ?? Accepted(request),
            theme ?? KnownTheme(request.Cookies[ThemeCookie]) ?? "system");
        return next(context);
    });

    private static string? KnownTheme(string? theme) => theme is not null && Themes.Contains(theme) ? theme : null;

    private static Texts Accepted(HttpRequest request) =>
        request.GetTypedHeaders().AcceptLanguage
            .OrderByDescending(l => l.Quality ?? 1)
            .Select(l => Texts.ByCode(l.Value.Value?.Split('-')[0].ToLowerInvariant()))
            .FirstOrDefault(t => t is not null) ?? Texts.En;

    private static void Keep(HttpResponse response, string cookie, string value) => response.Cookies.Append(cookie, value, new CookieOptions
    {
        MaxAge = TimeSpan.FromDays(365),
        SameSite = SameSiteMode.Lax,
        IsEssential = true,
        Path = "/",
    });
}

internal static class PreferencesOfRequest
{
    public static Preferences Preferences(this HttpContext context) => (Preferences)context.Items[typeof(Preferences)]!;

    public static Texts Texts(this HttpContext context) => context.Preferences().Texts;
}
