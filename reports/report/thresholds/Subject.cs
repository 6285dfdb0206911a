using Pressure.Record;

namespace Pressure.Reports;

/// <summary>A host, a container of one, or a process of one: what a figure of machines is about.</summary>
internal readonly record struct Subject(string Host, string? Service, string? Container = null, string? Process = null, int Pid = 0)
{
    /// <summary>Tags that tell subjects apart.</summary>
    public static readonly IReadOnlyList<string> AllTags = ["host", "service", "container", "process"];

    /// <summary>For people, in every language: <c>web1</c>; <c>item, web1</c>.</summary>
    public string Title => (Process ?? Container) is { } name ? $"{name}, {Host}" : Host;

    /// <summary>The value of one of <see cref="AllTags"/>.</summary>
    public string? Tag(string tag) => tag switch
    {
        "host" => Host,
        "service" => Service,
        "container" => Container,
        _ => Process,
    };
}

/// <summary>A value of a subject in one sample.</summary>
internal readonly record struct Reading(Subject Subject, double Value)
{
    /// <summary>One for the host.</summary>
    public static IEnumerable<Reading> OfHost(HostSample sample, string? service, double value) => [new(new(sample.Host, service), value)];

    /// <summary>One for each container that has the value.</summary>
    public static IEnumerable<Reading> OfContainers(HostSample sample, string? service, Func<ContainerReading, double?> value) =>
        from container in sample.Containers ?? []
        let read = value(new ContainerReading(sample, container))
        where read is not null
        select new Reading(new(sample.Host, container.Service ?? service, container.Name), read.Value);
}
