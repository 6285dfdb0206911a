using BenchmarkDotNet.Running;
using Pressure.Bench.Micro;

BenchmarkSwitcher.FromTypes([typeof(RecorderBenchmarks), typeof(ScheduleBenchmarks), typeof(ParserBenchmarks), typeof(PhaseBenchmarks)]).Run(args);
