using System.Text;
using System.Text.Json;

namespace Pressure.LoadGen;

/// <summary>Reads a JSON array of flat objects that all have the same keys: <c>[ { "id": 1, "name": "tea" } ]</c>.</summary>
internal static class JsonTable
{
    private const string Remedy = "Write an array of flat objects with the same keys: [ { \"id\": 1 }, { \"id\": 2 } ].";

    public static DataTable? Read(ReadOnlyMemory<byte> bytes, FileProblems problems)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes, new() { MaxDepth = 8 });
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Array)
                problems.Add(1, 1, "the file is not a JSON array", Remedy);
            else if (root.GetArrayLength() > 0)
                return Read(root, problems);
            else
                problems.Add(1, 1, "the file has no rows", Remedy);
        }
        catch (JsonException e)
        {
            problems.Add((int)(e.LineNumber ?? 0) + 1, (int)(e.BytePositionInLine ?? 0) + 1, "this is not JSON", "Mend the file here, or name it .csv if it is CSV.");
        }

        return null;
    }

    private static DataTable? Read(JsonElement rows, FileProblems problems)
    {
        var number = 0;
        string[] columns = rows[0].ValueKind == JsonValueKind.Object ? [.. rows[0].EnumerateObject().Select(p => p.Name)] : [];
        ColumnNames.Check(columns, problems);
        var table = new DataTable.Builder(columns);
        foreach (var row in rows.EnumerateArray())
        {
            number++;
            if (problems.Full)
                break;
            if (row.ValueKind != JsonValueKind.Object || row.EnumerateObject().Count() != columns.Length || columns.Length == 0 || !columns.All(c => row.TryGetProperty(c, out _)))
                problems.Add(1, 1, $"item {number:N0} does not have the keys of the first one", Remedy);
            else if (columns.Select(row.GetProperty).Any(v => v.ValueKind is JsonValueKind.Object or JsonValueKind.Array || v.GetRawText().Length > DataFile.MaxValue))
                problems.Add(1, 1, $"item {number:N0} has a value that is a list, a map, or too long", Remedy);
            foreach (var column in problems.Any ? [] : columns)
                table.Add(Encoding.UTF8.GetBytes(TextOf(row.GetProperty(column))));
        }

        return problems.Any ? null : table.Build();
    }

    private static string TextOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Null => "",
        _ => value.GetRawText(),
    };
}
