using Pressure.Record;

namespace Pressure.Reports;

/// <summary>Who made the load: each worker with its share, its rate over time, how late it was and its clock; regions; and what nobody made.</summary>
internal static class WorkerSection
{
    private const int MostGaps = 12;

    public static Html Render(ReportModel model) => model.Crew is not { Workers.Count: > 0 } crew ? Html.Empty : Html.Of($"""
        <section class="workers">
        <h2>{model["section.workers"]}</h2>
        <p class="lead">{Lead(crew, model)}</p>
        {Panel.Lines(model, model.Charted.Makers, "workerRates", TrackColumns.Rate, "strip")}
        <div class="scroll"><table>
        <thead><tr><th>{model["column.worker"]}</th><th class="n">{model["column.load"]}</th><th>{model["column.rateOverTime"]}</th><th class="n">{model["column.sent"]}</th><th class="n">{model["column.notSent"]}</th><th class="n">{model["column.cpuCores"]}</th><th class="n">{model["column.late"]}</th><th class="n">{model["column.clock"]}</th></tr></thead>
        <tbody>{Html.Each(crew.Workers, w => Row(w, crew, model))}</tbody></table></div>
        <p class="note">{model["workers.note"]}</p>
        {Regions(crew, model)}
        {NotMade(crew, model)}
        </section>
        """);

    private static string Lead(Crew crew, ReportModel model)
    {
        var named = crew.Regions.Count(r => r.Name.Length > 0);
        var who = named > 1 ? model.Text.Format("workers.regions", crew.Workers.Count, named) : model.Text.Format("workers.made", crew.Workers.Count);
        return CrewJudge.Notice(crew) is { } notice ? $"{who}{(model.Language == ReportLanguage.Zh ? "" : " ")}{notice.In(model.Language)}" : who;
    }

    private static Html Row(WorkerTrack w, Crew crew, ReportModel model) => Html.Of($"""
        <tr><th scope="row">{w.Name}{Chips(w, model)}<small>{Of(w, model)}</small></th>
        <td class="n">{(w.Share > 0 ? Figures.Share(w.Share) : "–")}</td>
        <td>{RateLine.Of(w, crew, model)}</td>
        <td class="n">{Figures.Count(w.Sent)}</td><td class="n {(w.NotSent > 0 ? "warn" : "")}">{Figures.Count(w.NotSent)}</td>
        <td class="n">{Figures.Number(Math.Round(w.Cpu, 2))}</td>
        <td class="n {(w.Saturation is null ? "" : "bad")}">{Figures.Duration(w.LateP99)}</td>
        <td class="n">{Clock(w)}</td></tr>
        """);

    private static Html Chips(WorkerTrack w, ReportModel model) => Html.Join(
    [
        w.LostAt is null ? Html.Empty : Html.Of($""" <span class="chip bad">{model.Text.Format("workers.lost", ReportModel.Clock(w.LostAt.Value.TotalSeconds))}</span>"""),
        w.HeardAt is null ? Html.Empty : Html.Of($""" <span class="chip ok">{model.Text.Format("workers.back", ReportModel.Clock(w.HeardAt.Value.TotalSeconds))}</span>"""),
        w.Saturation is null ? Html.Empty : Html.Of($""" <span class="chip warn">{model["workers.saturated"]}</span>"""),
    ]);

    /// <summary>Region and shares, counted from one.</summary>
    private static string Of(WorkerTrack w, ReportModel model)
    {
        var shares = string.Join(", ", w.Shares.Select(s => s + 1));
        string[] parts = [w.Manifest.Region, w.Shares.Count == 0 ? "" : model.Text.Format(w.Shares.Count == 1 ? "workers.share" : "workers.shares", shares)];
        return string.Join(" · ", parts.Where(p => p.Length > 0));
    }

    private static Html Clock(WorkerTrack w) => w.Manifest is { ClockOffset.Ticks: 0, ClockUncertainty.Ticks: 0 }
        ? Html.Of($"–")
        : Html.Of($"{Signed(w.Manifest.ClockOffset)}<small>± {Figures.Duration(w.Manifest.ClockUncertainty.TotalMilliseconds)}</small>");

    private static string Signed(TimeSpan offset) => (offset < TimeSpan.Zero ? "−" : "+") + Figures.Duration(Math.Abs(offset.TotalMilliseconds));

    private static Html Regions(Crew crew, ReportModel model) => crew.Regions.Count < 2 ? Html.Empty : Html.Of($"""
        <h3>{model["workers.byRegion"]}</h3>
        <div class="scroll"><table>
        <thead><tr><th>{model["column.region"]}</th><th class="n">{model["column.workers"]}</th><th class="n">{model["column.load"]}</th><th class="n">{model["column.sentShare"]}</th><th class="n">{model["column.sent"]}</th><th class="n">{model["column.notSent"]}</th></tr></thead>
        <tbody>{Html.Each(crew.Regions, r => Html.Of($"""
        <tr><th scope="row">{(r.Name.Length > 0 ? r.Name : "–")}</th><td class="n">{Figures.Count(r.Workers)}</td><td class="n">{Figures.Share(r.Share)}</td><td class="n">{Figures.Share((double)r.Sent / Math.Max(1, crew.Regions.Sum(o => o.Sent)))}</td><td class="n">{Figures.Count(r.Sent)}</td><td class="n {(r.NotSent > 0 ? "warn" : "")}">{Figures.Count(r.NotSent)}</td></tr>
        """))}</tbody></table></div>
        """);

    private static Html NotMade(Crew crew, ReportModel model) => crew.Unsent.Count == 0 ? Html.Empty : Html.Of($"""
        <h3>{model["workers.notMade"]}</h3>
        <div class="scroll"><table>
        <thead><tr><th>{model["column.time"]}</th><th>{model["column.worker"]}</th><th>{model["column.shareNumber"]}</th><th class="n">{model["column.notSent"]}</th><th>{model["column.next"]}</th></tr></thead>
        <tbody>{Html.Each(crew.Unsent.OrderByDescending(u => u.Requests).Take(MostGaps).OrderBy(u => u.At), u => Gap(u, model))}</tbody></table></div>
        <p class="note">{model["workers.notMadeNote"]}{(crew.Unsent.Count > MostGaps ? " " + model.Text.Format("machines.drawn", MostGaps, crew.Unsent.Count) : "")}</p>
        """);

    private static Html Gap(TimelineEvent.ShareUnsent u, ReportModel model)
    {
        var next = model.Run.Events.OfType<TimelineEvent.ShareTakenOver>().FirstOrDefault(t => t.Share == u.Share && t.At >= u.At);
        return Html.Of($"""
            <tr><th scope="row"><time>{ReportModel.Clock(u.At.TotalSeconds)}</time> – <time>{ReportModel.Clock(Math.Ceiling(u.Until.TotalSeconds))}</time></th>
            <td>{u.Worker}</td><td>{u.Share + 1}</td><td class="n warn">{Figures.Count(u.Requests)}</td><td>{(next is null ? model["workers.nobody"] : model.Text.Format("workers.takenOver", next.To, ReportModel.Clock(next.At.TotalSeconds)))}</td></tr>
            """);
    }
}
