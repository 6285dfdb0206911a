using System.Reflection;

namespace Pressure.Cluster;

/// <summary>Version of this program.</summary>
internal static class ProductVersion
{
    /// <summary>As manifests and cards tell it.</summary>
    public static string Text { get; } = typeof(ProductVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";
}
