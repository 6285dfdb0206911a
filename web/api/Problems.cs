using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Pressure.Chaos;
using Pressure.LoadGen;
using Pressure.Record;

namespace Pressure.Web.Api;

/// <summary>Everything that the API refuses, as RFC 9457 problem details. Types are <c>urn:pressure:problem:NAME</c>; docs/api.md lists them.</summary>
internal static class Problems
{
    public static ProblemHttpResult InvalidPlan(IReadOnlyList<PlanProblem> problems) =>
        Of(StatusCodes.Status422UnprocessableEntity, "invalid-plan", "The plan is not right",
            $"{problems.Count} problem{(problems.Count == 1 ? "" : "s")}; the first: {problems[0]}", ("problems", PlanProblemView.Of(problems)));

    public static ProblemHttpResult Refused(IReadOnlyList<string> reasons) =>
        Of(StatusCodes.Status403Forbidden, "target-not-allowed", "The target may not be pressed", string.Join(" ", reasons), ("reasons", reasons));

    public static ProblemHttpResult Busy(IReadOnlyList<RunManifest> runs) =>
        Of(StatusCodes.Status409Conflict, "busy", "Another run goes on",
            "Runs at the same time would disturb each other's figures. Wait for the run to end, or stop it.",
            ("runs", runs.Select(r => new { r.Id, r.Name, Self = $"/api/runs/{r.Id}" })));

    public static ProblemHttpResult Closing() =>
        Of(StatusCodes.Status503ServiceUnavailable, "closing", "The service is about to end", "Start the run again when the service is back.");

    public static ProblemHttpResult NotWritable(string why) =>
        Of(StatusCodes.Status507InsufficientStorage, "not-writable", "The run folder can't be written", why);

    public static ProblemHttpResult NoSuchRun(string id) =>
        Of(StatusCodes.Status404NotFound, "no-such-run", "No such run", $"No run folder here has the id {id}. GET /api/runs lists all.");

    public static ProblemHttpResult NoSuchAgent(string name) =>
        Of(StatusCodes.Status404NotFound, "no-such-agent", "No such agent", $"No agent here is called {name}. GET /api/agents lists all.");

    public static ProblemHttpResult NoSuchCapture(string agent) =>
        Of(StatusCodes.Status404NotFound, "no-such-capture", "No such capture", $"No capture of {agent} was begun here. POST /api/agents/NAME/capture begins one.");

    public static ProblemHttpResult NoSuchToken(string id) =>
        Of(StatusCodes.Status404NotFound, "no-such-token", "No such token", $"No token here has the id {id}; it may have been removed. GET /api/tokens lists all.");

    public static ProblemHttpResult NoAccessServer() =>
        Of(StatusCodes.Status409Conflict, "no-access-server", "Agents can't dial in here", "This service was started without a port for agents.");

    public static ProblemHttpResult AgentFailed(string why) =>
        Of(StatusCodes.Status409Conflict, "agent-failed", "The agent did not do it", why);

    public static ProblemHttpResult InvalidExperiment(IReadOnlyList<ExperimentProblem> problems) =>
        Of(StatusCodes.Status422UnprocessableEntity, "invalid-experiment", "The experiment is not right",
            $"{problems.Count} problem{(problems.Count == 1 ? "" : "s")}; the first: line {problems[0].Line}, {problems[0].Field}: {problems[0].Message}. {problems[0].Remedy}", ("problems", ExperimentProblemView.Of(problems)));

    public static ProblemHttpResult NoSuchExperiment(string name) =>
        Of(StatusCodes.Status404NotFound, "no-such-experiment", "No such experiment", $"No experiment here is called '{name}'. GET /api/chaos/experiments lists all.");

    public static ProblemHttpResult NoSuchDrill(string id) =>
        Of(StatusCodes.Status404NotFound, "no-such-drill", "No such drill", $"No drill here has the id {id}. GET /api/chaos/drills lists all.");

    public static ProblemHttpResult NoSuchSchedule(string name) =>
        Of(StatusCodes.Status404NotFound, "no-such-schedule", "No such schedule", $"No schedule here is called '{name}'. GET /api/chaos/schedules lists all.");

    public static ProblemHttpResult InvalidMonkey(IReadOnlyList<ExperimentProblem> problems) =>
        Of(StatusCodes.Status422UnprocessableEntity, "invalid-monkey", "The monkey's plan is not right",
            $"{problems.Count} problem{(problems.Count == 1 ? "" : "s")}; the first: line {problems[0].Line}, {problems[0].Field}: {problems[0].Message}. {problems[0].Remedy}", ("problems", ExperimentProblemView.Of(problems)));

    public static ProblemHttpResult NoSuchMonkey(string name) =>
        Of(StatusCodes.Status404NotFound, "no-such-monkey", "No such monkey", $"No monkey here is called '{name}'. GET /api/chaos/monkeys lists all.");

    public static ProblemHttpResult MonkeyNotSwitched(string why) =>
        Of(StatusCodes.Status409Conflict, "monkey-not-switched", "The monkey did not do it", why);

    public static ProblemHttpResult DrillOver(string id) =>
        Of(StatusCodes.Status409Conflict, "not-running", "The drill does not run in this service", $"There is nothing to stop: {id} is over.");

    public static ProblemHttpResult DrillBusy(string why, IReadOnlyList<RunningDrill> drills) =>
        Of(StatusCodes.Status409Conflict, "busy", "Another drill goes on", $"{why} Wait for its end, or stop it.",
            ("drills", drills.Select(d => new { d.Id, d.Experiment.Title, Self = $"/api/chaos/drills/{d.Id}" })));

    public static ProblemHttpResult Halted(string why) =>
        Of(StatusCodes.Status409Conflict, "halted", "The global stop is in force", $"{why} Lift it with POST /api/chaos/resume when that is dealt with.");

    public static ProblemHttpResult NotHalted(string left) =>
        Of(StatusCodes.Status409Conflict, "not-undone", "Everything is halted, but not all is undone", left);

    public static ProblemHttpResult NotDecided(string why) =>
        Of(StatusCodes.Status409Conflict, "not-decided", "That does not count", why);

    public static ProblemHttpResult NoGuards(string why) =>
        Of(StatusCodes.Status503ServiceUnavailable, "no-guards", "The guards can't be asked", why);

    public static ProblemHttpResult NoSuchFile(string name, string why) =>
        Of(StatusCodes.Status404NotFound, "no-such-file", $"This run has no {name}", why);

    public static ProblemHttpResult NoSuchPath(string path) =>
        Of(StatusCodes.Status404NotFound, "no-such-path", "Nothing here", $"{path} is not part of the API. /openapi/v1.json describes it.");

    public static ProblemHttpResult NotRunning(string id) =>
        Of(StatusCodes.Status409Conflict, "not-running", "The run does not go on in this service", $"There is nothing to stop, steer or follow: {id} has ended or is about to, or another process runs it.");

    /// <summary>A change that the run does not allow: why, in one word and in sentences.</summary>
    public static ProblemHttpResult NotSteered(string why, string detail) =>
        Of(StatusCodes.Status422UnprocessableEntity, "not-steered", "The run can't be changed so", detail, ("why", why));

    public static ProblemHttpResult InvalidInput(IReadOnlyDictionary<string, string> errors) =>
        Of(StatusCodes.Status422UnprocessableEntity, "invalid-input", "Some values are not right", string.Join(" ", errors.Select(e => $"{e.Key}: {e.Value}")), ("errors", errors));

    public static ProblemHttpResult UnsupportedType(string accepted) =>
        Of(StatusCodes.Status415UnsupportedMediaType, "content-type", "Wrong content type", $"Send Content-Type: {accepted}.");

    public static ProblemHttpResult TooLarge(long most) =>
        Of(StatusCodes.Status413PayloadTooLarge, "too-large", "The request is too large", most < 1 << 20 ? $"At most {most / 1024} KiB." : $"At most {most / 1024 / 1024} MiB.");

    public static ProblemHttpResult NotText() =>
        Of(StatusCodes.Status400BadRequest, "not-text", "The body is not UTF-8 text", "Send the plan as UTF-8.");

    public static ProblemHttpResult UnknownHost(string host) =>
        Of(StatusCodes.Status421MisdirectedRequest, "unknown-host", "This service has another name",
            $"The Host header says \"{host}\". Open the service by its address (http://127.0.0.1:...), by localhost, or by the name that it listens on.");

    public static ProblemHttpResult ForeignOrigin() =>
        Of(StatusCodes.Status403Forbidden, "foreign-origin", "Only the service's own pages may do this", "The browser says that another site's page sent the request.");

    private static ProblemHttpResult Of(int status, string type, string title, string detail, params (string Key, object? Value)[] more) =>
        TypedResults.Problem(detail, null, status, title, $"urn:pressure:problem:{type}", more.Select(m => KeyValuePair.Create(m.Key, m.Value)));
}
