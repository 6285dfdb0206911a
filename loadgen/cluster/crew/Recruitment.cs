using Pressure.LoadGen;
using Pressure.Record;

namespace Pressure.Cluster;

/// <summary>The search for the workers of one run. Nothing is begun before every one of them is ready.</summary>
/// <remarks>
/// <code>
///   listen to presence --> choose --> offer shares, serve files and the clock --> all ready --> crew
///         |                  |          '-- no, or gone: another --' |
///         '--- too few ------'---- wrong version, two of a name ---'-- not ready: all problems at once, workers free again
/// </code>
/// </remarks>
internal sealed class Recruitment(CrewRequest request, TimeProvider time, IProgress<RecruitingProgress>? progress)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    // Each worker shows its card once in this time: two of one name have both been seen.
    private static readonly TimeSpan FirstLook = TimeSpan.FromSeconds(1.3);

    private static readonly TimeSpan FarOff = TimeSpan.FromSeconds(2);

    private readonly CrewDesk _desk = new(time);
    private readonly OfferedPlan _plan = request.Offered ?? OfferedPlan.Of(request.Run, request.PlanFolder);
    private long _orders = 1;

    public async Task<Recruiting> RunAsync(CancellationToken stop)
    {
        List<CrewProblem> outside = [.. _plan.Places.Keys.Where(f => !OfferRules.StaysInside(f)).Select(Outside)];
        if (outside.Count > 0)
            return Failed(outside);
        var files = OfferedFiles.None;
        try
        {
            files = await OfferedFiles.OfAsync(_plan.Places, stop);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Failed([new($"A file of the plan can't be read: {e.Message}", "Check the path and its permissions.")]);
        }
        var workload = Workload.Of(request.Run.Plan);
        var id = RunId.New(request.Run.Plan.Name, time.GetUtcNow());
        var post = await CrewPost.OpenAsync(request.Bus, id, files, _desk, time, stop);
        post.Read();
        var done = false;
        try
        {
            var choice = await ChooseAsync(stop);
            if (choice.Problems.Count > 0)
                return Failed(choice.Problems);
            var recruiting = await PrepareAsync(choice, workload, id, files, post, stop);
            done = recruiting.Crew is not null;
            return recruiting;
        }
        finally
        {
            if (!done)
                await LetGoAsync(post);
        }
    }

    private static CrewProblem Outside(string file) => new($"The plan names the file '{file}', which lies outside of the plan's folder; workers have no such place.", "Put it beside the plan, and name it by a relative path.");

    private static Recruiting Failed(IReadOnlyList<CrewProblem> problems) => new(null, problems, []);

    private static async Task LetGoAsync(CrewPost post)
    {
        await post.TellAsync(new Orders { Number = long.MaxValue, Holders = [], Heard = new Dictionary<string, long>(), Stop = true });
        await post.RemoveAsync();
    }

    private async Task<CrewChoice> ChooseAsync(CancellationToken stop)
    {
        var begin = time.GetTimestamp();
        while (true)
        {
            await Task.Delay(Pause, time, stop);
            var there = _desk.There;
            var choice = CrewChoice.Of(request.Wish, there, ProductVersion.Text);
            progress?.Report(new(request.Wish.Count, there.Count(c => c.Run is null), 0, []));
            var waited = time.GetElapsedTime(begin);
            if (waited >= request.Gathering || (waited >= FirstLook && choice.Problems.Count == 0))
                return choice;
        }
    }

    private async Task<Recruiting> PrepareAsync(CrewChoice choice, Workload workload, string id, OfferedFiles files, CrewPost post, CancellationToken stop)
    {
        var manifest = Coordinator.Describe(request.Run, workload, id, time.GetUtcNow());
        var offers = new CrewOffers(id, ManifestText.Write(manifest), _plan.Text, files.Files, request.Allow, choice.Weights, request.Wish.Heartbeat, request.Wish.Lease);
        var seats = new CrewSeats(request.Wish, choice, _desk);
        _desk.Know(seats.Members.Select(m => m.Name));
        for (var share = 0; share < seats.Members.Count; share++)
            Offer(share);
        await AwaitReadyAsync(seats, Offer, post, stop);
        var problems = seats.Members.SelectMany(ProblemsOf).ToList();
        return problems.Count > 0
            ? Failed(problems)
            : new(new Crew(manifest, offers, seats.Members, post, _desk, request, time, past: null, _orders), [], [.. seats.Notices, .. seats.Members.SelectMany(Notices)]);

        void Offer(int share)
        {
            var term = new ShareTerm(share, 0, seats.Members[share].Name, TimeSpan.Zero);
            post.Send(term.Worker, () => offers.Of(term));
        }
    }

    private async Task AwaitReadyAsync(CrewSeats seats, Action<int> offer, CrewPost post, CancellationToken stop)
    {
        var (begin, told) = (time.GetTimestamp(), time.GetTimestamp());
        // Whoever fetches files takes as long as that takes: a capture may be large.
        while (time.GetElapsedTime(Math.Max(begin, post.LastAsked)) < request.Readiness)
        {
            var replaced = seats.Look();
            foreach (var share in replaced)
                offer(share);
            if (replaced.Count > 0)
                begin = time.GetTimestamp();
            progress?.Report(new(request.Wish.Count, seats.Members.Count, seats.Members.Count - seats.Waiting.Count, seats.Waiting));
            if (seats.Waiting.Count == 0)
                return;
            // Whoever is ready waits as long as it hears that somebody will begin, and whoever was replaced is free.
            if (replaced.Count > 0 || time.GetElapsedTime(told) > Crew.OrdersPause)
            {
                told = time.GetTimestamp();
                await post.TellAsync(new Orders { Number = _orders++, Holders = seats.Holders, Heard = new Dictionary<string, long>() });
            }
            await Task.Delay(Pause, time, stop);
        }
    }

    private IEnumerable<CrewProblem> ProblemsOf(CrewMember member) => member.Ready is null
        ? [new($"Worker {member.Name} did not get ready within {request.Readiness.TotalSeconds:0} s.", "Look at what it prints where it runs, or start the run without it.")]
        : member.Ready.Problems.Take(MostProblems).Select(p => new CrewProblem($"Worker {member.Name}: {p}", ""));

    private const int MostProblems = 10;

    private static IEnumerable<string> Notices(CrewMember member)
    {
        if (member.Ready!.ClockOffset.Duration() > FarOff)
            yield return FormattableString.Invariant($"The clock of worker {member.Name} is off by {member.Ready.ClockOffset.Duration().TotalSeconds:0.0} s; the run corrects it, the machine's own logs don't. Set it with NTP.");
    }
}
