using System.Net;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Forwarder;

namespace Pressure.Mirror;

/// <summary>What a mirror does with each request, before production is asked and after the client has its answer.</summary>
internal sealed class MirrorGate
{
    private readonly MirrorPlan _plan;
    private readonly MirrorAccounts _accounts;
    private readonly MirrorTimes _times;
    private readonly TimeProvider _time;
    private readonly CopyChoice _choice;
    private readonly Copier? _copier;
    private readonly ExchangeRecorder? _recorder;
    private readonly Action<CopyFate> _copyLost;
    private readonly Action<RecordFate> _recordLost;
    private volatile bool _isPaused;

    public MirrorGate(MirrorPlan plan, MirrorAccounts accounts, MirrorTimes times, Copier? copier, ExchangeRecorder? recorder, TimeProvider time)
    {
        (_plan, _accounts, _times, _copier, _recorder, _time) = (plan, accounts, times, copier, recorder, time);
        (_choice, _copyLost, _recordLost) = (new CopyChoice(plan.Rules), accounts.Count, accounts.Count);
        (CopyBytes, RecordBytes) = (new ByteBudget(plan.Limits.QueueBytes), new ByteBudget(plan.Limits.QueueBytes));
    }

    /// <summary>Memory of copies.</summary>
    public ByteBudget CopyBytes { get; }

    /// <summary>Memory of what is to be recorded: its own, so that a slow target costs the record nothing.</summary>
    public ByteBudget RecordBytes { get; }

    /// <summary>Whether copying is paused.</summary>
    public bool IsPaused
    {
        get => _isPaused;
        set => _isPaused = value;
    }

    /// <summary>A request has come. What is held of it; null when nothing is.</summary>
    public HeldExchange? Begin(HttpContext context, ClientConnection connection, string target, IPEndPoint server)
    {
        _accounts.Begin();
        var meant = _choice.Judge(context, target, connection);
        var fate = meant == CopyFate.Open ? JudgeCopy(context.Request, target) : _copier is null ? CopyFate.NotAsked : meant;
        if (fate != CopyFate.Open)
            _accounts.Count(fate);
        var records = meant == CopyFate.Open && _recorder is { Failure: null };
        if (fate != CopyFate.Open && !records)
            return null;
        var now = _time.GetTimestamp();
        return new HeldExchange(_plan.Limits.MaxBody, _copyLost, _recordLost)
        {
            Copy = fate == CopyFate.Open ? new Claim(CopyBytes) : null,
            Record = records ? new Claim(RecordBytes) : null,
            WantsAnswer = records || _plan.Compare is not null,
            Connection = connection,
            Order = connection.NextOrder(),
            Began = now,
            RequestEnded = now,
            Method = context.Request.Method,
            Target = target,
            Server = server,
        };
    }

    /// <summary>Production has been asked, and the client has what there is of an answer.</summary>
    public void End(HeldExchange? held, HttpContext context, ForwarderError error, long began)
    {
        var end = EndOf(context, error);
        _accounts.Answered(context.Response.StatusCode, end);
        var now = _time.GetTimestamp();
        if (end == ProductionEnd.Answered)
            _times.Answered(_time.GetElapsedTime(began, now));
        if (held is null)
            return;
        held.Ended = now;
        held.IsAnswerWhole = end == ProductionEnd.Answered;
        if (!held.IsRequestWhole)
            held.LoseCopy(end switch { ProductionEnd.ClientAborted => CopyFate.ClientAborted, ProductionEnd.Failed => CopyFate.ProductionFailed, _ => CopyFate.BodyUnread });
        else if (end != ProductionEnd.Answered && !_plan.Rules.CopyFailed)
            held.LoseCopy(end == ProductionEnd.ClientAborted ? CopyFate.ClientAborted : CopyFate.ProductionFailed);
    }

    /// <summary>The answer has left: hands on what is held.</summary>
    public void Settle(HeldExchange held, HttpRequest request)
    {
        if (!held.Settle(HeldHead.Of(request, held.Target)))
            return;
        // Looked at now: each may be done with it, and it with them, as soon as it is offered.
        var (copies, records) = (held.Copy is { IsAlive: true }, held.Record is { IsAlive: true });
        if (records)
            _recorder!.Offer(held);
        if (copies)
            _copier!.Offer(held);
    }

    private CopyFate JudgeCopy(HttpRequest request, string target)
    {
        if (_copier is null)
            return CopyFate.NotAsked;
        if (!_choice.HasMethod(request.Method))
            return CopyFate.Method;
        // `OPTIONS *` asks for no path at all, and the client library can't say that.
        if (target == "*")
            return CopyFate.Path;
        if (_isPaused)
            return CopyFate.Paused;
        if (request.ContentLength > _plan.Limits.MaxBody)
            return CopyFate.BodyTooLarge;
        return _copier.Breaker.IsPointless ? CopyFate.BreakerOpen : CopyFate.Open;
    }

    private static ProductionEnd EndOf(HttpContext context, ForwarderError error) => error switch
    {
        ForwarderError.None => ProductionEnd.Answered,
        // However a WebSocket ended, it was one.
        _ when context.Response.StatusCode == StatusCodes.Status101SwitchingProtocols => ProductionEnd.Answered,
        _ when context.RequestAborted.IsCancellationRequested => ProductionEnd.ClientAborted,
        ForwarderError.RequestCanceled or ForwarderError.RequestBodyCanceled or ForwarderError.RequestBodyClient
            or ForwarderError.ResponseBodyCanceled or ForwarderError.ResponseBodyClient => ProductionEnd.ClientAborted,
        // It answered before it had read all; the answer passed.
        ForwarderError.RequestBodyDestination when context.Response.HasStarted => ProductionEnd.Answered,
        _ => ProductionEnd.Failed,
    };
}
