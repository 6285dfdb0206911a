using Microsoft.AspNetCore.Http;
using Pressure.LoadGen;

namespace Pressure.Web.Forms;

/// <summary>
/// The New test form exactly as typed: nothing is converted here, so nothing that was typed can be lost. Names are those of the inputs;
/// URLs and stages are rows with keys of their own, so that one can be removed without renaming the others.
/// </summary>
internal sealed class TestForm
{
    /// <summary>Rows that the form takes; larger plans are files.</summary>
    public const int MostRows = 100;

    private const string HostsInput = "hosts";

    private static readonly (string Name, string Value)[] Defaults =
    [
        ("mode", Simple), ("name", ""), ("target", ""),
        ("pv.perDay", "3,000,000"), ("pv.busy", "usual"), ("pv.share", "80"), ("pv.hours", "9"), ("pv.requestsPerPage", "1"), ("pv.event", "1"),
        ("load", "rate"), ("rate", "100"), ("arrivals", "uniform"), ("warmUp", "0"),
        ("duration", "60"), ("durationUnit", "s"),
        ("p95", "500"), ("p99", ""), ("errors", "1"),
        (HostsInput, HostSelector.Local.Name), (WorkerChoice.Input, WorkerChoice.ThisMachine), ("connectTimeout", "5"), ("timeout", "10"), ("plan", ""),
    ];

    private static readonly (string Name, string Value)[] RowDefaults =
        [("weight", "1"), ("method", "GET"), ("path", "/"), ("parameters", ""), ("headers", ""), ("bodyKind", "json"), ("body", ""), ("expect", "")];

    private static readonly (string Name, string Value)[] StageDefaults = [("from", "0"), ("to", "100"), ("over", "60")];

    private readonly Dictionary<string, string> _values = [];

    /// <summary>A form as it is first shown.</summary>
    public TestForm()
    {
        foreach (var (name, value) in Defaults)
            _values[name] = value;
        AddUrl();
        AddStage();
    }

    /// <summary>The values of <c>mode</c>.</summary>
    public const string Simple = "simple", Expert = "expert", Text = "text";

    /// <summary>Keys of the URL rows, in order.</summary>
    public List<int> Urls { get; } = [];

    /// <summary>Keys of the stage rows, in order.</summary>
    public List<int> Stages { get; } = [];

    public string Mode
    {
        get => this["mode"];
        set => this["mode"] = value;
    }

    /// <summary>Machines to watch, each as a plan names it.</summary>
    public IReadOnlyList<string> Hosts
    {
        get => this[HostsInput].Split('\n', StringSplitOptions.RemoveEmptyEntries);
        set => this[HostsInput] = string.Join('\n', value);
    }

    /// <summary>A value as typed; empty for a name that the form does not have.</summary>
    public string this[string name]
    {
        get => _values.GetValueOrDefault(name, "");
        set => _values[name] = value;
    }

    public static string Url(int key, string name) => $"urls[{key}].{name}";

    public static string Stage(int key, string name) => $"stages[{key}].{name}";

    /// <summary>What a browser sent.</summary>
    public static TestForm Read(IFormCollection sent)
    {
        var form = new TestForm();
        form.Clear();
        foreach (var (name, value) in Defaults)
            form[name] = Sent(name) ?? value;
        // A box for each host; an empty one says that the boxes were there, though none may be ticked.
        if (sent.TryGetValue(HostsInput, out var hosts))
            form.Hosts = [.. hosts.OfType<string>().Where(h => h.Trim().Length > 0).Distinct().Take(MostRows)];
        foreach (var key in Keys("url"))
            form.Add(form.Urls, key, Url, RowDefaults, Sent);
        foreach (var key in Keys("stage"))
            form.Add(form.Stages, key, Stage, StageDefaults, Sent);
        return form;

        string? Sent(string name) => sent.TryGetValue(name, out var values) ? values.ToString() : null;
        IEnumerable<int> Keys(string name) =>
            sent[name].Select(k => int.TryParse(k, out var key) ? key : -1).Where(k => k is >= 0 and < 1_000_000).Distinct().Take(MostRows);
    }

    /// <summary>Adds a row with the usual values; does nothing when there are as many as the form takes.</summary>
    public int? AddUrl() => Add(Urls, Url, RowDefaults);

    /// <summary>As for URLs.</summary>
    public int? AddStage() => Add(Stages, Stage, StageDefaults);

    /// <summary>Removes all rows, before others are added.</summary>
    public void Clear()
    {
        Urls.Clear();
        Stages.Clear();
    }

    /// <summary>A form with one row of this one, and nothing else that could be wrong.</summary>
    public TestForm ForTrying(int row)
    {
        var form = new TestForm { Mode = Mode, ["target"] = this["target"], ["connectTimeout"] = this["connectTimeout"], ["timeout"] = this["timeout"] };
        form.Clear();
        form.Add(form.Urls, row, Url, RowDefaults, name => Urls.Contains(row) ? this[name] : null);
        form[Url(row, "weight")] = "1";
        return form;
    }

    /// <summary>A form with the page views of this one, and nothing else that could be wrong.</summary>
    public TestForm ForArithmetic()
    {
        var form = new TestForm { ["target"] = "http://127.0.0.1" };
        foreach (var name in _values.Keys.Where(n => n.StartsWith("pv.", StringComparison.Ordinal) || n.StartsWith("duration", StringComparison.Ordinal)))
            form[name] = this[name];
        return form;
    }

    private int? Add(List<int> keys, Func<int, string, string> nameOf, (string, string)[] defaults)
    {
        if (keys.Count >= MostRows)
            return null;
        var key = keys.Count == 0 ? 0 : keys.Max() + 1;
        Add(keys, key, nameOf, defaults, _ => null);
        return key;
    }

    private void Add(List<int> keys, int key, Func<int, string, string> nameOf, (string Name, string Value)[] defaults, Func<string, string?> sent)
    {
        keys.Add(key);
        foreach (var (name, value) in defaults)
            this[nameOf(key, name)] = sent(nameOf(key, name)) ?? value;
    }
}
