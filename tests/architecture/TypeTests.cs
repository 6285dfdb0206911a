using System.Reflection;
using System.Runtime.CompilerServices;

namespace Pressure.Architecture.Tests;

public class TypeTests
{
    // Assemblies of ours that the programs are made of.
    private static readonly string[] Assemblies = ["pressure", "Pressure.Web", "pressure-agent", "Pressure.Agent", "Pressure.Cluster", "Pressure.LoadGen", "Pressure.Reports", "Pressure.Record", "shop"];

    private static readonly string[] Drawers = ["Util", "Utils", "Utility", "Utilities", "Helper", "Helpers", "Common", "Misc"];

    private static IReadOnlyList<Type> Types { get; } =
        [.. Assemblies.SelectMany(name => Assembly.Load(name).GetTypes()).Where(IsWritten)];

    [Fact]
    public void An_abstract_record_is_a_closed_set_of_nested_sealed_records()
    {
        var sets = Types.Where(t => t.IsAbstract && IsRecord(t)).ToList();

        Assert.NotEmpty(sets);
        Assert.All(sets, set =>
        {
            // Of an internal set every case is seen here; a public one must not be open to other assemblies either.
            if (set.IsVisible)
                Assert.DoesNotContain(set.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic), c => !c.IsPrivate && !IsCopy(c, set));
            var cases = Types.Where(t => t.IsSubclassOf(set)).ToList();
            Assert.NotEmpty(cases);
            Assert.All(cases, c => Assert.True(c.IsSealed && c.DeclaringType == set && IsRecord(c), $"{c} is not a sealed record inside {set}."));
        });
    }

    // A tag helper is what ASP.NET calls the code behind a tag.
    [Fact]
    public void No_type_is_a_drawer_for_odds_and_ends() =>
        Assert.DoesNotContain(Types, t => Drawers.Any(d => t.Name.EndsWith(d, StringComparison.Ordinal)) && !t.Name.EndsWith("TagHelper", StringComparison.Ordinal));

    [Fact]
    public void No_namespace_is_a_drawer_for_odds_and_ends() =>
        Assert.DoesNotContain(Types, t => t.Namespace is { } name && name.Split('.').Intersect(Drawers).Any());

    // Names with angle brackets are the compiler's or a source generator's.
    private static bool IsWritten(Type type) => !type.IsDefined(typeof(CompilerGeneratedAttribute)) && !type.FullName!.Contains('<', StringComparison.Ordinal);

    private static bool IsRecord(Type type) => type.GetMethod("<Clone>$", BindingFlags.Instance | BindingFlags.Public) is not null;

    // A record's copy constructor is protected whatever we do; a derived record outside could not use it without another one.
    private static bool IsCopy(ConstructorInfo constructor, Type record) => constructor.GetParameters() is [var only] && only.ParameterType == record;
}
