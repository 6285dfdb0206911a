namespace Pressure.LoadGen.Engine;

/// <summary>What stands in <c>{{ }}</c>. A closed set.</summary>
internal abstract record Expression
{
    private Expression()
    {
    }

    /// <summary>The feeds and variables that it needs, itself included.</summary>
    public virtual IEnumerable<Expression> Leaves => [this];

    /// <summary>A column of the iteration's row.</summary>
    public sealed record Column(DataFeed Feed, int Index) : Expression;

    /// <summary>A value that an earlier response of the iteration gave.</summary>
    public sealed record Variable(int Index) : Expression;

    /// <summary>A version 4 UUID; the stream tells the places of a plan apart.</summary>
    public sealed record Uuid(int Seed, int Stream) : Expression;

    /// <summary>The wall time (UTC); <c>unix</c> and <c>unixMs</c> count from 1970.</summary>
    public sealed record Now(string Format) : Expression;

    /// <summary>A whole number, drawn evenly, ends included.</summary>
    public sealed record RandomWhole(long From, long To, int Seed, int Stream) : Expression;

    /// <summary>The iteration's number, from 0.</summary>
    public sealed record IterationNumber : Expression;

    /// <summary>A hash as small hexadecimal digits.</summary>
    public sealed record Hash(HashKind Kind, Expression Of) : Expression
    {
        public override IEnumerable<Expression> Leaves => Of.Leaves;
    }

    /// <summary>Base64 with padding.</summary>
    public sealed record Base64(Expression Of) : Expression
    {
        public override IEnumerable<Expression> Leaves => Of.Leaves;
    }

    /// <summary>A text with slots of its own.</summary>
    public sealed record Joined(Template Parts) : Expression
    {
        public override IEnumerable<Expression> Leaves => Parts.Leaves;
    }

    /// <summary>As a JSON number, where it makes up a whole value of a json body.</summary>
    public sealed record Number(Expression Of) : Expression
    {
        public override IEnumerable<Expression> Leaves => Of.Leaves;
    }
}

/// <summary>Hashes that plans may ask for.</summary>
internal enum HashKind
{
    Md5,
    Sha1,
    Sha256,
    Sha512,
}
