namespace Pressure.Web.Runs;

/// <summary>One page of the list of runs.</summary>
/// <param name="Runs">Its runs, newest first.</param>
/// <param name="Number">Which page, from 1.</param>
/// <param name="Pages">How many there are, at least 1.</param>
/// <param name="Total">Runs on all pages.</param>
internal sealed record RunPage(IReadOnlyList<RunListing> Runs, int Number, int Pages, int Total)
{
    public int? Newer => Number > 1 ? Number - 1 : null;

    public int? Older => Number < Pages ? Number + 1 : null;
}
