using Quartz;
using Quartz.Extensibility;

namespace Pressure.Chaos;

/// <summary>Rings when schedules are due. Quartz with its store in memory: what is to ring stands in our own files.</summary>
internal sealed class QuartzClock : IAsyncDisposable
{
    private const string Group = "drills";
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(60);

    private readonly IScheduler _scheduler;
    private readonly TimeProvider _time;

    private QuartzClock(IScheduler scheduler, TimeProvider time) => (_scheduler, _time) = (scheduler, time);

    /// <param name="time">The clock.</param>
    /// <param name="due">A schedule is due: its name, and the moment.</param>
    /// <param name="missed">A moment of a schedule passed unheard.</param>
    public static async Task<QuartzClock> StartAsync(TimeProvider time, Action<string, DateTimeOffset> due, Action<string, DateTimeOffset> missed)
    {
        var scheduler = await QuartzSchedulerBuilder.Create(quartz => quartz
            .ConfigureScheduler(o => o.InstanceName = $"drills-{Guid.NewGuid():n}")
            .UseInMemoryStore(o => o.MisfireThreshold = Late)
            .UseTimeProvider(time)
            .UseJobFactory(new Rings(due))
            .AddTriggerListener(new Misfires(missed), [])).BuildScheduler();
        await scheduler.Start();
        return new(scheduler, time);
    }

    /// <summary>Rings for a schedule from now on, instead of what there was by its name.</summary>
    public async Task SetAsync(SchedulePlan plan)
    {
        var name = plan.Schedule.Name;
        await RemoveAsync(name);
        // What was due before now is not made up for; a plan that has no time left any more has nothing to ring for.
        if (plan.Next(_time.GetUtcNow(), 1) is not [var first])
            return;
        await _scheduler.AddCalendar(name, new OpenCalendar(plan.Open), AddCalendarOptions.Replacing);
        var trigger = TriggerBuilder.Create(_time).WithIdentity(name, Group).WithCalendarName(name).StartAt(first).WithSchedule(ScheduleOf(plan)).Build();
        await _scheduler.ScheduleJob(JobBuilder.Create<Rings>().WithIdentity(name, Group).Build(), trigger, ScheduleJobOptions.Replacing);
    }

    public async Task RemoveAsync(string name)
    {
        await _scheduler.DeleteJob(new JobKey(name, Group));
        if (await _scheduler.Exists(name))
            await _scheduler.DeleteCalendar(name);
    }

    public async ValueTask DisposeAsync() => await _scheduler.Shutdown(waitForJobsToComplete: true);

    private static IScheduleBuilder ScheduleOf(SchedulePlan plan) => plan.Cron is { } cron
        ? CronScheduleBuilder.Create(cron).InTimeZone(plan.Open.Zone).WithMisfireInstruction(CronTriggerMisfireInstruction.DoNothing)
        : SimpleScheduleBuilder.Create().WithInterval(TimeSpan.FromMinutes(plan.Schedule.EveryMinutes!.Value)).RepeatForever()
            .WithMisfireInstruction(SimpleTriggerMisfireInstruction.NextWithExistingCount);

    /// <summary>The job of every schedule: it says so and is done, since a drill may take hours and Quartz has ten threads.</summary>
    private sealed class Rings(Action<string, DateTimeOffset> due) : IJobFactory, IJob
    {
        public ValueTask<JobScope> CreateJob(TriggerFiredBundle bundle, IScheduler scheduler, CancellationToken cancellationToken) => new(new JobScope(this, null));

        public ValueTask ReturnJob(JobScope scope, CancellationToken cancellationToken) => default;

        public ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
        {
            due(context.JobDetail.Key.Name, context.ScheduledFireTimeUtc ?? context.FireTimeUtc);
            return default;
        }
    }

    private sealed class Misfires(Action<string, DateTimeOffset> missed) : ITriggerListener
    {
        public string Name => "misfires";

        public ValueTask TriggerMisfired(ITrigger trigger, IScheduler scheduler, CancellationToken cancellationToken)
        {
            missed(trigger.Key.Name, trigger.NextFireTimeUtc ?? trigger.StartTimeUtc);
            return default;
        }
    }

    private sealed class OpenCalendar(AllowedHours open) : ICalendar
    {
        public string? Description { get; set; }

        public ICalendar? CalendarBase { get; set; }

        public bool IsTimeIncluded(DateTimeOffset timeStampUtc) => open.Contain(timeStampUtc);

        public DateTimeOffset GetNextIncludedTimeUtc(DateTimeOffset timeStampUtc)
        {
            // Hours begin on a minute. A calendar that is closed for more than a year has no next time.
            var at = timeStampUtc;
            for (var minutes = 0; !open.Contain(at) && minutes < 370 * 24 * 60; minutes++)
                at = new DateTimeOffset(at.Ticks - (at.Ticks % TimeSpan.TicksPerMinute), at.Offset).AddMinutes(1);
            return at;
        }

        public ICalendar Clone() => new OpenCalendar(open) { Description = Description, CalendarBase = CalendarBase };
    }
}
