using System.Globalization;
using System.Text;
using System.Xml;

namespace Pressure.Reports;

/// <summary><c>junit.xml</c> for CI: a test case per criterion, one per experiment, and one for the verdict.</summary>
internal static class JUnitFile
{
    public const string Name = "junit.xml";

    private enum Outcome
    {
        Passed,
        Failure,
        Error,
    }

    private sealed record Case(string Name, Outcome Outcome, string Message);

    public static string Write(RunSummary summary)
    {
        List<Case> cases = [.. summary.Thresholds.Select(Criterion), .. (summary.Chaos?.Experiments ?? []).Select(e => Experiment(e, summary.Chaos!)), VerdictCase(summary)];
        var text = new StringBuilder();
        using (var xml = XmlWriter.Create(text, new XmlWriterSettings { Indent = true, OmitXmlDeclaration = true, NewLineChars = "\n" }))
        {
            xml.WriteStartElement("testsuites");
            xml.WriteStartElement("testsuite");
            xml.WriteAttributeString("name", Printable(summary.Name));
            xml.WriteAttributeString("tests", Number(cases.Count));
            xml.WriteAttributeString("failures", Number(cases.Count(c => c.Outcome == Outcome.Failure)));
            xml.WriteAttributeString("errors", Number(cases.Count(c => c.Outcome == Outcome.Error)));
            xml.WriteAttributeString("time", Number(summary.DurationSeconds));
            xml.WriteAttributeString("timestamp", summary.StartedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture));
            foreach (var one in cases)
                Write(xml, one, summary);
            xml.WriteEndElement();
            xml.WriteEndElement();
        }
        return $"""<?xml version="1.0" encoding="utf-8"?>{"\n"}{text}{"\n"}""";
    }

    private static Case Criterion(ThresholdResult threshold) => threshold switch
    {
        { Error: { } error } => new(threshold.Expression, Outcome.Error, error),
        { Passed: true } => new(threshold.Expression, Outcome.Passed, ""),
        _ => new(threshold.Expression, Outcome.Failure, $"Actual: {threshold.ActualText}"),
    };

    private static Case Experiment(ExperimentSummary experiment, ChaosSummary chaos)
    {
        var name = $"experiment: {experiment.Title}";
        return ChaosJudge.Why(experiment, chaos) is not { } why ? new(name, Outcome.Passed, "")
            : new(name, experiment.Status == "interrupted" ? Outcome.Error : Outcome.Failure, why.In(ReportLanguage.En));
    }

    private static Case VerdictCase(RunSummary summary) => summary.Verdict switch
    {
        Verdict.Passed or Verdict.NoCriteria => new("verdict", Outcome.Passed, ""),
        Verdict.Failed => new("verdict", Outcome.Failure, summary.Reason),
        _ => new("verdict", Outcome.Error, summary.Reason),
    };

    private static void Write(XmlWriter xml, Case one, RunSummary summary)
    {
        xml.WriteStartElement("testcase");
        xml.WriteAttributeString("classname", "pressure." + Printable(summary.Name));
        xml.WriteAttributeString("name", Printable(one.Name));
        xml.WriteAttributeString("time", one.Name == "verdict" ? Number(summary.DurationSeconds) : "0");
        if (one.Outcome != Outcome.Passed)
        {
            xml.WriteStartElement(one.Outcome == Outcome.Failure ? "failure" : "error");
            xml.WriteAttributeString("message", Printable(one.Message));
            xml.WriteEndElement();
        }
        xml.WriteEndElement();
    }

    private static string Number(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);

    /// <summary>XML 1.0 has no way to write most control characters.</summary>
    private static string Printable(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            clean.Append(rune.IsBmp && !XmlConvert.IsXmlChar((char)rune.Value) ? "\uFFFD" : rune.ToString());
        return clean.ToString();
    }
}
