using System.Globalization;
using System.Text.Json;
using Pressure.LoadGen;
using Pressure.Web.Language;

namespace Pressure.Web.Forms;

/// <summary>A form held against the plan reader.</summary>
/// <param name="Text">The plan that the form stands for.</param>
/// <param name="Plan">The plan as read; null when something is wrong.</param>
/// <param name="Problems">What is wrong with the plan, by line.</param>
/// <param name="Errors">What is wrong, by input; the empty name stands for the form as a whole.</param>
internal sealed record FormCheck(string Text, LoadPlan? Plan, IReadOnlyList<PlanProblem> Problems, IReadOnlyDictionary<string, string> Errors)
{
    public static FormCheck Of(TestForm form, Texts t) => form.Mode == TestForm.Text ? OfText(form, t) : OfInputs(form, t);

    /// <summary>A form of which the plan is right in itself, but does not fit what there is here.</summary>
    public static FormCheck Of(TestForm form, FormCheck right, IReadOnlyList<PlanProblem> problems, Texts t)
    {
        var errors = new Dictionary<string, string>();
        if (form.Mode == TestForm.Text)
            errors["plan"] = t.With("plan.problems", problems.Count);
        foreach (var problem in form.Mode == TestForm.Text ? [] : problems)
            errors.TryAdd(InputOfField.Of(form, problem.Field), ProblemText.Of(problem, t));
        return right with { Plan = null, Problems = problems, Errors = errors };
    }

    // Whether it is kept is seen when the run starts.
    private const string AnyFolder = "captures";

    private static bool AnyExperiment(string name) => true;

    private static FormCheck OfText(TestForm form, Texts t)
    {
        var read = PlanReader.Parse(form["plan"].ReplaceLineEndings("\n"), "plan", AnyExperiment, AnyFolder);
        var errors = new Dictionary<string, string>();
        if (read.Problems.Count > 0)
            errors["plan"] = t.With("plan.problems", read.Problems.Count);
        return new FormCheck(read.Text, read.Plan, read.Problems, errors);
    }

    private static FormCheck OfInputs(TestForm form, Texts t)
    {
        var errors = new Dictionary<string, string>();
        foreach (var input in Required(form).Where(input => form[input].Trim().Length == 0))
            errors[input] = t["error.required"];
        foreach (var key in form.Urls)
        {
            CheckLines(form, key, t, errors);
            CheckJson(form, key, t, errors);
        }
        // The reader knows no share but a number; a limit of 200 % would hold always.
        if (decimal.TryParse(form["errors"].Trim().TrimEnd('%'), NumberStyles.Number, CultureInfo.InvariantCulture, out var share) && share is <= 0 or > 100)
            errors["errors"] = t["error.share"];

        var read = PlanReader.Parse(PlanOfForm.Write(form), "plan");
        foreach (var problem in read.Problems)
        {
            var input = InputOfField.Of(form, problem.Field);
            // "How much load?" is asked of the form's one way to say it, whose sentence fits.
            errors.TryAdd(input, ProblemText.Of(problem, problem.Field == "load" ? input : InputOfField.KindOf(problem.Field), t));
        }
        return new FormCheck(read.Text, errors.Count == 0 ? read.Plan : null, read.Problems, errors);
    }

    /// <summary>Inputs of which the plan reader could only say that a key is missing.</summary>
    private static IEnumerable<string> Required(TestForm form)
    {
        yield return "target";
        foreach (var key in form.Urls)
        {
            yield return TestForm.Url(key, "path");
            yield return TestForm.Url(key, "weight");
        }
        var staged = form.Mode == TestForm.Expert && form["load"] == "stages";
        if (!staged)
            yield return "duration";
        foreach (var input in (form.Mode, staged) switch
        {
            (TestForm.Expert, true) => form.Stages.SelectMany(key => new[] { TestForm.Stage(key, "to"), TestForm.Stage(key, "over") }),
            (TestForm.Expert, false) => ["rate"],
            _ => ["pv.perDay", "pv.requestsPerPage", "pv.event"],
        })
            yield return input;
    }

    private static void CheckJson(TestForm form, int key, Texts t, Dictionary<string, string> errors)
    {
        var (kind, body) = (form[TestForm.Url(key, "bodyKind")], form[TestForm.Url(key, "body")]);
        if (kind != "json" || body.Length == 0)
            return;
        try
        {
            JsonDocument.Parse(body).Dispose();
        }
        catch (JsonException e)
        {
            errors[TestForm.Url(key, "body")] = t.With("error.json", e.LineNumber + 1);
        }
    }

    private static void CheckLines(TestForm form, int key, Texts t, Dictionary<string, string> errors)
    {
        foreach (var (name, separator, example) in new[] { ("parameters", '=', "id=1"), ("headers", ':', "Accept: application/json"), ("body", '=', "item=1") })
        {
            var input = TestForm.Url(key, name);
            if (name == "body" && form[TestForm.Url(key, "bodyKind")] != "form")
                continue;
            if (Lines.FirstWithout(form[input], separator) is { } line)
                errors[input] = t.With("error.line", line.Length > 60 ? line[..60] + "..." : line, example);
        }
    }
}
