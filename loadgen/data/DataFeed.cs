namespace Pressure.LoadGen;

/// <summary>Which row of a data file an iteration gets.</summary>
public enum DataPick
{
    /// <summary>Row after row, and from the start again.</summary>
    InOrder,

    /// <summary>Any row, drawn evenly by the plan's seed.</summary>
    Random,

    /// <summary>Row after row, none twice.</summary>
    Unique,
}

/// <summary>A data file of the plan: each iteration gets one row of it, a pure function of the iteration's number and the seed.</summary>
public sealed record DataFeed
{
    // Apart from the streams of functions, which count from 0.
    private const long RowStream = -1;

    internal DataFeed(string name, DataPick pick, DataTable table, int seed) => (Name, Pick, Table, Seed) = (name, pick, table, seed);

    /// <summary>Unique in the plan; <c>{{name.column}}</c> tells columns of several files apart.</summary>
    public string Name { get; }

    /// <summary>Which row an iteration gets.</summary>
    public DataPick Pick { get; }

    /// <summary>Rows.</summary>
    public int Rows => Table.Rows;

    /// <summary>Columns, as the header names them.</summary>
    public IReadOnlyList<string> Columns => Table.Columns;

    internal DataTable Table { get; }

    internal int Seed { get; }

    /// <summary>The row of iteration <paramref name="n"/> (from 0); -1 when unique rows are used up.</summary>
    public int RowAt(long n) => Pick switch
    {
        DataPick.InOrder => (int)(n % Rows),
        DataPick.Random => (int)(SeededUniform.Bits(Seed, RowStream, n) % (ulong)Rows),
        _ => n < Rows ? (int)n : -1,
    };
}
