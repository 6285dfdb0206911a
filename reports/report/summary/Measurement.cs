using Pressure.Record;

namespace Pressure.Reports;

/// <summary>What a run measured and what its machines did, read sample by sample: its size follows from the machines and the points of a chart, not from the samples.</summary>
internal sealed class Measurement(MeasuredRun measured, Machines machines) : IHostSink
{
    public MeasuredRun Measured => measured;

    public Machines Machines => machines;

    /// <summary>Of a run in memory.</summary>
    public static Measurement Of(RunRecord run)
    {
        var measured = MeasuredRun.Of(run);
        return new(measured, Machines.Of(run, measured));
    }

    /// <summary>Of a run on disk.</summary>
    public static (RunRecord Run, Measurement Measurement) Read(string folder)
    {
        Measurement? read = null;
        var run = RunFolder.Read(folder, rest =>
        {
            var measured = MeasuredRun.Of(rest);
            return read = new(measured, new Machines(rest.Manifest, measured.Counts));
        });
        return (run, read!);
    }

    public void Take(HostSample sample)
    {
        measured.Take(sample);
        machines.Take(sample);
    }

    public void Take(GcEvent collection)
    {
        measured.Take(collection);
        machines.Take(collection);
    }

    public void Tell(TimelineEvent what)
    {
    }
}
