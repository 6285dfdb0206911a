using System.IO.Pipelines;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace Pressure.Web.Access;

/// <summary>A decrypted connection for the HTTP server, with what has been read of it so far.</summary>
internal sealed class HttpConnection : ConnectionContext, IDuplexPipe, ITlsConnectionFeature
{
    private readonly Stream _stream;
    private readonly CancellationTokenSource _closed = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public HttpConnection(Stream stream, PipeReader input, EndPoint? local, EndPoint? remote)
    {
        (_stream, Input, Output) = (stream, input, PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true)));
        (LocalEndPoint, RemoteEndPoint, ConnectionClosed) = (local, remote, _closed.Token);
        Transport = this;
        Features.Set<ITlsConnectionFeature>(this);
    }

    public PipeReader Input { get; }

    public PipeWriter Output { get; }

    /// <summary>Completes when the HTTP server is done with it.</summary>
    public Task Ended => _ended.Task;

    public override string ConnectionId { get; set; } = Guid.NewGuid().ToString("n");

    public override IFeatureCollection Features { get; } = new FeatureCollection();

    public override IDictionary<object, object?> Items { get; set; } = new Dictionary<object, object?>();

    public override IDuplexPipe Transport { get; set; }

    X509Certificate2? ITlsConnectionFeature.ClientCertificate { get; set; }

    Task<X509Certificate2?> ITlsConnectionFeature.GetClientCertificateAsync(CancellationToken cancellationToken) => Task.FromResult<X509Certificate2?>(null);

    public override void Abort(ConnectionAbortedException abortReason)
    {
        _stream.Dispose();
        _closed.Cancel();
    }

    public override async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        await base.DisposeAsync();
        _closed.Dispose();
        _ended.TrySetResult();
    }
}
