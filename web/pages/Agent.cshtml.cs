using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Pressure.Agent;
using Pressure.Web.Access;
using Pressure.Web.Agents;
using Pressure.Web.Api;
using Pressure.Web.Captures;
using Pressure.Web.Language;

namespace Pressure.Web.Pages;

/// <summary>One agent: what its host does at this moment, how it samples, and the way to be rid of it.</summary>
internal sealed class AgentModel(IAgentHistory history, IAgentDesk desk, CaptureDesk captures) : PageModel
{
    /// <summary>Containers and processes that are shown; the busiest.</summary>
    public const int MostRows = 50;

    public AgentPresence Agent { get; private set; } = null!;

    public string? Problem { get; private set; }

    public bool Saved { get; private set; }

    /// <summary>The version that the service offers to this agent; null if it has none, or this one.</summary>
    public string? Offered => desk.OfferedVersion is { } offered && offered != Agent.Version && Agent.Connected ? offered : null;

    /// <summary>Whether captures can be kept, and this agent can be asked.</summary>
    public bool CanCapture => captures.IsOpen && Agent.Connected;

    /// <summary>The agent's capture, under way or the last one; null if there was none.</summary>
    public CaptureView? Capture => captures.Of(Agent.Name) is { } recording ? CaptureView.Of(recording) : null;

    /// <summary>Captures that are shown; the newest.</summary>
    public const int MostFiles = 10;

    /// <summary>The captures in the service's folder, the newest first.</summary>
    public IReadOnlyList<CaptureFileView> Files => captures.Files;

    /// <summary>The form of a capture as typed.</summary>
    public (string Interface, string Ports, string Seconds) Asked { get; private set; } = ("any", "", "300");

    /// <summary>The settings' form as typed; seconds.</summary>
    public (string Every, string Heartbeat, string Processes) Typed { get; private set; }

    public IActionResult OnGet(string name, string? saved)
    {
        Saved = saved == "1";
        return Shown(name) ? Page() : NotFound();
    }

    /// <summary>The figures alone, for the script that keeps them fresh.</summary>
    public IActionResult OnGetFragment(string name) => Shown(name) ? Partial("agents/_Figures", this) : NotFound();

    public IActionResult OnPostSettings(string name, string? every, string? heartbeat, string? processes)
    {
        if (!Shown(name))
            return NotFound();
        Typed = (every ?? "", heartbeat ?? "", processes ?? "");
        try
        {
            var names = Typed.Processes.Split([',', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            desk.Set(Agent.Id, new AgentSettings(Seconds(Typed.Every), Seconds(Typed.Heartbeat), names));
            return Redirect($"/agents/{Uri.EscapeDataString(Agent.Name)}?saved=1");
        }
        catch (Exception e) when (e is ArgumentException or OverflowException or FormatException or IOException or UnauthorizedAccessException)
        {
            Problem = HttpContext.Texts().With("agents.settings.wrong", e.Message);
            return Page();
        }
    }

    public IActionResult OnPostRevoke(string name)
    {
        if (!Shown(name))
            return NotFound();
        try
        {
            desk.Revoke(Agent.Id);
            return Redirect("/agents");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Problem = e.Message;
            return Page();
        }
    }

    public async Task<IActionResult> OnPostUpgradeAsync(string name)
    {
        if (!Shown(name))
            return NotFound();
        // Whoever closes the page does not stop what is half-way over.
        if ((await desk.UpgradeAsync(Agent.Name, CancellationToken.None)).Error is not { } error)
            return Redirect($"/agents/{Uri.EscapeDataString(Agent.Name)}");
        Problem = error;
        return Page();
    }

    public async Task<IActionResult> OnPostCaptureAsync(string name, string? @interface, string? ports, string? seconds)
    {
        if (!Shown(name))
            return NotFound();
        Asked = (@interface ?? "any", ports ?? "", seconds ?? "");
        try
        {
            var ask = new CaptureAsk
            {
                Interface = Asked.Interface.Trim(),
                Ports = [.. Asked.Ports.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries).Select(p => int.Parse(p, NumberStyles.None, CultureInfo.InvariantCulture))],
                Seconds = Asked.Seconds.Length == 0 ? 0 : Seconds(Asked.Seconds).TotalSeconds,
            };
            // Whoever closes the page does not end what has begun.
            Problem = (await captures.StartAsync(Agent.Name, JsonSerializer.SerializeToElement(ask, CaptureCommandJson.Default.CaptureAsk), "page", CancellationToken.None)).Problem;
        }
        catch (Exception e) when (e is OverflowException or FormatException)
        {
            Problem = HttpContext.Texts()["capture.wrong"];
        }

        return Problem is null ? Redirect($"/agents/{Uri.EscapeDataString(Agent.Name)}") : Page();
    }

    public IActionResult OnPostStopCapture(string name)
    {
        if (!Shown(name))
            return NotFound();
        captures.Of(Agent.Name)?.Stop();
        return Redirect($"/agents/{Uri.EscapeDataString(Agent.Name)}");
    }

    private bool Shown(string name)
    {
        if (history.Find(name) is not { } agent)
            return false;
        Agent = agent;
        Typed = (Seconds(agent.Settings.Every), Seconds(agent.Settings.Heartbeat), string.Join("\n", agent.Settings.Processes));
        return true;
    }

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);

    private static TimeSpan Seconds(string text) => TimeSpan.FromSeconds(double.Parse(text.Trim().TrimEnd('s'), NumberStyles.Float, CultureInfo.InvariantCulture));
}
