namespace Pressure.LoadGen.Importing;

/// <summary>Gives out a bounded number of places: one to each, the rest to whoever has most weight per place.</summary>
internal static class Places
{
    /// <param name="claims">Weight of each, and how many places it can use (at least 1).</param>
    /// <param name="places">Places to give out, at least as many as claims.</param>
    public static int[] Shared(IReadOnlyList<(decimal Weight, int Most)> claims, int places)
    {
        var given = Enumerable.Repeat(1, claims.Count).ToArray();
        var queue = new PriorityQueue<int, decimal>();
        for (var i = 0; i < claims.Count; i++)
            Ask(i);
        for (var left = places - claims.Count; left > 0 && queue.TryDequeue(out var next, out _); left--)
        {
            given[next]++;
            Ask(next);
        }
        return given;

        void Ask(int i)
        {
            if (given[i] < claims[i].Most)
                queue.Enqueue(i, -claims[i].Weight / given[i]);
        }
    }
}
