namespace Pressure.LoadGen;

/// <summary>Which files a plan names, found in its text before it is read: what has to lie beside it, and all that reading it may open.</summary>
public static class PlanFileNames
{
    /// <summary>The names, each once, in the order of the text; those of a text that is no plan as far as it looks like one.</summary>
    public static IReadOnlyList<string> Of(string text) =>
        text.Length <= PlanReader.MaxBytes && PlanTree.Read(text.TrimStart('\ufeff'), new("")) is { } root ? FileNames.Of(root) : [];
}
