namespace Pressure.LoadGen.Engine;

/// <summary>Data of which every row has been used and none may be used twice, found out by the lanes and told once.</summary>
internal sealed class UsedUpData
{
    private readonly Lock _gate = new();
    private readonly HashSet<string> _known = [];
    private readonly List<DataFeed> _new = [];

    /// <summary>Looks for what an iteration lacks; whether it is a row.</summary>
    public bool Note(RequestTemplate template, IterationScope scope)
    {
        if (template.UsedUp(scope) is not { } feed)
            return false;
        lock (_gate)
        {
            if (_known.Add(feed.Name))
                _new.Add(feed);
        }

        return true;
    }

    /// <summary>What has been found out since the last time.</summary>
    public IReadOnlyList<DataFeed> TakeNew()
    {
        lock (_gate)
        {
            if (_new.Count == 0)
                return [];
            var taken = _new.ToList();
            _new.Clear();
            return taken;
        }
    }
}
