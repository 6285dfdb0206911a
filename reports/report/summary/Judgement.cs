namespace Pressure.Reports;

/// <summary>A sentence that can be said in every language of the strings table: its key and what is filled in.</summary>
internal sealed record Sentence(string Key, params object[] Arguments)
{
    public string In(ReportLanguage language) => Strings.For(language).Format(Key, [.. Arguments.Select(a => Say(a, language))]);

    private static object Say(object argument, ReportLanguage language) => argument is Sentence inner ? inner.In(language) : argument;
}

/// <summary>A verdict and why.</summary>
internal sealed record Judgement(Verdict Verdict, IReadOnlyList<Sentence> Reasons)
{
    public Judgement(Verdict verdict, Sentence reason) : this(verdict, [reason])
    {
    }

    public string Reason(ReportLanguage language) => string.Join(language == ReportLanguage.Zh ? "" : " ", Reasons.Select(r => r.In(language)));

    /// <summary>The exit code: k6's 99 for criteria, the shell's 130 for an interrupt.</summary>
    public int ExitCode => Verdict switch
    {
        Verdict.Passed or Verdict.NoCriteria => 0,
        Verdict.Failed => 99,
        Verdict.Invalid => 5,
        Verdict.Stopped => 130,
        Verdict.NotUndone => 4,
        _ => 1,
    };
}
