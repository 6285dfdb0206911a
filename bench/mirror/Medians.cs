namespace Pressure.Bench.Mirror;

/// <summary>Medians of rounds, and the median of each round's ratio to the plain proxy in the same round.</summary>
internal static class Medians
{
    public static void Print(Contender plain, IEnumerable<Contender> all)
    {
        Console.WriteLine($"{"",-14}{"p50 ms",10}{"p99 ms",10}{"p99.9 ms",10}{"CPU us",10}{"p50",8}{"p99",8}{"p99.9",8}{"CPU",8}{"requests",12}{"errors",8}");
        foreach (var one in all)
        {
            Console.WriteLine(
                $"{one.Name,-14}{Of(one, f => f.P50),10:0.000}{Of(one, f => f.P99),10:0.000}{Of(one, f => f.P999),10:0.000}{Of(one, f => f.CpuMicros),10:0.0}"
                + $"{Ratio(one, f => f.P50),8:0.00}{Ratio(one, f => f.P99),8:0.00}{Ratio(one, f => f.P999),8:0.00}{Ratio(one, f => f.CpuMicros),8:0.00}"
                + $"{one.Rounds.Sum(r => r.Sent),12}{one.Rounds.Sum(r => r.Failed),8}");
        }

        double Ratio(Contender one, Func<Figures, double> figure) => Median(one.Rounds.Zip(plain.Rounds, (mine, its) => figure(mine) / figure(its)));
    }

    private static double Of(Contender one, Func<Figures, double> figure) => Median(one.Rounds.Select(figure));

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }
}
