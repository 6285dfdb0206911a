namespace Shop;

/// <summary>
/// Makes a service behave:
/// <code>request -> counted -> admission (queue | 503) -> memory, delay -> 500 | endpoint -> freeze gate -> counted -> answer</code>
/// </summary>
internal sealed class BehaviourMiddleware(ServiceControl control, StatsCounter stats)
{
    private const string Health = "/health";

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Request.Path.StartsWithSegments(ControlEndpoints.BehaviourPath) || context.Request.Path.StartsWithSegments(ControlEndpoints.StatsPath))
        {
            await next(context);
            return;
        }

        var counts = stats.Of(context);
        counts.Receive(marked: context.Request.Headers.ContainsKey("X-Pressure-Run"));
        // Here and not before the endpoint: no answer at all may leave while the service is frozen, also one that was begun before.
        context.Response.OnStarting(async () =>
        {
            await control.Freeze.PassAsync(context.RequestAborted);
            counts.Answer(context.Response.StatusCode);
        });

        try
        {
            await (context.Request.Path == Health ? next(context) : ServeAsync(context, next));
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            context.Abort();
        }
    }

    private async Task ServeAsync(HttpContext context, RequestDelegate next)
    {
        if (!await control.Admission.EnterAsync(context.RequestAborted))
        {
            await RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, "This service is at its capacity.");
            return;
        }

        try
        {
            if (await control.ServeAsync(context.RequestAborted))
                await next(context);
            else
                await RefuseAsync(context, StatusCodes.Status500InternalServerError, "This service fails now and then, as it was told to.");
        }
        finally
        {
            control.Admission.Leave();
        }
    }

    private static Task RefuseAsync(HttpContext context, int status, string why)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(new Refusal(why), context.RequestAborted);
    }
}
