namespace Pressure.LoadGen;

/// <summary>Rows of texts as UTF-8, one behind the other in one array: a large file costs little more than its bytes.</summary>
internal sealed class DataTable
{
    private readonly byte[] _bytes;
    private readonly int[] _ends;

    private DataTable(IReadOnlyList<string> columns, byte[] bytes, int[] ends) => (Columns, _bytes, _ends) = (columns, bytes, ends);

    public IReadOnlyList<string> Columns { get; }

    public int Rows => _ends.Length / Columns.Count;

    public ReadOnlySpan<byte> this[int row, int column]
    {
        get
        {
            var cell = row * Columns.Count + column;
            var start = cell == 0 ? 0 : _ends[cell - 1];
            return _bytes.AsSpan(start, _ends[cell] - start);
        }
    }

    /// <summary>Collects rows.</summary>
    public sealed class Builder(IReadOnlyList<string> columns)
    {
        private readonly Engine.ByteBuffer _bytes = new();
        private readonly List<int> _ends = [];

        public void Add(ReadOnlySpan<byte> value)
        {
            _bytes.Write(value);
            _ends.Add(_bytes.Length);
        }

        public DataTable Build() => new(columns, _bytes.Written.ToArray(), [.. _ends]);
    }
}
