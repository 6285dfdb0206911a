using CsvHelper;

namespace Pressure.LoadGen;

/// <summary>Reads CSV (RFC 4180, commas) whose first row names the columns.</summary>
internal static class CsvTable
{
    private static readonly CsvReaderOptions Options = new()
    {
        Separator = ',',
        HasHeader = false,
        TrackLineNumbers = true,
        MalformedData = CsvMalformedDataHandling.Throw,
    };

    public static DataTable? Read(ReadOnlyMemory<byte> bytes, FileProblems problems)
    {
        try
        {
            using var csv = CsvReader.Create(bytes, Options);
            if (csv.Read())
                return Read(csv, problems);
            problems.Add(1, 1, "the file is empty", "Write a first row that names the columns, then rows of values.");
        }
        catch (CsvFormatException e)
        {
            problems.Add((int)Math.Max(1, e.LineNumber), 1, "the row has a quote where none may stand, or one that is never closed", "Put the whole value in quotes, and double the quotes in it.");
        }

        return null;
    }

    private static DataTable? Read(CsvReader csv, FileProblems problems)
    {
        string[] columns = [.. csv.Current.ToArray().Select(h => h.Trim())];
        ColumnNames.Check(columns, problems);
        var table = new DataTable.Builder(columns);
        while (!problems.Full && csv.Read())
        {
            if (csv.FieldCount != columns.Length)
                problems.Add((int)csv.LineNumber, 1, $"the row has {csv.FieldCount} values, but there are {columns.Length} columns", "Give every row as many values as the header has names; quote values with commas.");
            for (var i = 0; i < columns.Length && !problems.Any; i++)
            {
                var value = csv.GetSpan(i);
                if (value.Length > DataFile.MaxValue)
                    problems.Add((int)csv.LineNumber, 1, $"a value is longer than {DataFile.MaxValue / 1024} KiB", "Shorten it; a quote may be missing its partner.");
                table.Add(value);
            }
        }

        return problems.Any ? null : table.Build();
    }
}

/// <summary>Which names columns may have.</summary>
internal static class ColumnNames
{
    public static void Check(IReadOnlyList<string> columns, FileProblems problems)
    {
        for (var i = 0; i < columns.Count; i++)
        {
            if (columns[i].Length is 0 or > 100 || columns[i].Any(c => c is '{' or '}' || char.IsControl(c)))
                problems.Add(1, 1, $"column {i + 1} has no usable name ('{Shown.Of(columns[i])}')", "Name each column in the first row: 1 to 100 characters without braces.");
            else if (columns.Take(i).Contains(columns[i]))
                problems.Add(1, 1, $"two columns are named '{Shown.Of(columns[i])}'", "Give each column a name of its own.");
        }
    }
}
