using System.Numerics;

namespace Pressure.LoadGen;

/// <summary>A fraction of whole numbers in lowest terms: used to prepare schedules without rounding.</summary>
internal readonly struct Fraction
{
    private readonly BigInteger _denominator;

    public Fraction(BigInteger numerator, BigInteger denominator)
    {
        var divisor = BigInteger.GreatestCommonDivisor(numerator, denominator) * denominator.Sign;
        Numerator = numerator / divisor;
        _denominator = denominator / divisor;
    }

    public BigInteger Numerator { get; }

    public BigInteger Denominator => _denominator.IsZero ? BigInteger.One : _denominator;

    public static implicit operator Fraction(long value) => new(value, 1);

    public static implicit operator Fraction(decimal value)
    {
        var scale = BigInteger.One;
        // A decimal has at most 28 places; each step moves one of them before the point.
        for (; decimal.Truncate(value) != value && Math.Abs(value) < decimal.MaxValue / 10; value *= 10)
            scale *= 10;
        return new(new BigInteger(value), scale);
    }

    public static explicit operator double(Fraction value) => (double)value.Numerator / (double)value.Denominator;

    public static Fraction operator +(Fraction a, Fraction b) =>
        new((a.Numerator * b.Denominator) + (b.Numerator * a.Denominator), a.Denominator * b.Denominator);

    public static Fraction operator -(Fraction a, Fraction b) =>
        new((a.Numerator * b.Denominator) - (b.Numerator * a.Denominator), a.Denominator * b.Denominator);

    public static Fraction operator *(Fraction a, Fraction b) => new(a.Numerator * b.Numerator, a.Denominator * b.Denominator);

    public static Fraction operator /(Fraction a, Fraction b) => new(a.Numerator * b.Denominator, a.Denominator * b.Numerator);

    public static bool operator <(Fraction a, Fraction b) => a.Numerator * b.Denominator < b.Numerator * a.Denominator;

    public static bool operator >(Fraction a, Fraction b) => b < a;

    /// <summary>The nearest whole number.</summary>
    public BigInteger Round() => BigInteger.DivRem((2 * Numerator) + Denominator, 2 * Denominator, out var rest) - (rest.Sign < 0 ? 1 : 0);
}
