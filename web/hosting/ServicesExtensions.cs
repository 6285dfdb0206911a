using Microsoft.Extensions.DependencyInjection;

namespace Pressure.Web.Hosting;

internal static class ServicesExtensions
{
    public static T Get<T>(this IServiceProvider services)
        where T : notnull => services.GetRequiredService<T>();
}
