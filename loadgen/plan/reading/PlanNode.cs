namespace Pressure.LoadGen;

/// <summary>A node of the plan file with its place (line and column from 1). A closed set.</summary>
internal abstract record PlanNode
{
    private PlanNode(int line, int column) => (Line, Column) = (line, column);

    public int Line { get; }

    public int Column { get; }

    /// <summary>For messages: "is a list".</summary>
    public abstract string Kind { get; }

    /// <summary>One value; everything is text until somebody reads it.</summary>
    public sealed record Scalar(int Line, int Column, string Text, bool Quoted) : PlanNode(Line, Column)
    {
        public override string Kind => "a single value";

        /// <summary>Nothing, <c>~</c> or <c>null</c> without quotes.</summary>
        public bool IsNull => !Quoted && Text is ("" or "~" or "null" or "Null" or "NULL");
    }

    public sealed record Sequence(int Line, int Column, IReadOnlyList<PlanNode> Items) : PlanNode(Line, Column)
    {
        public override string Kind => "a list";
    }

    public sealed record Mapping(int Line, int Column, IReadOnlyList<PlanEntry> Entries) : PlanNode(Line, Column)
    {
        public override string Kind => "a map";
    }
}

/// <summary>A key with its value.</summary>
internal sealed record PlanEntry(PlanNode.Scalar Key, PlanNode Value);
