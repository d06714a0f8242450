using Temporalio.Common;
using Temporalio.Worker;
using Temporalio.Worker.Interceptors;

namespace ProgressTelemetry.Temporal;

/// <summary>
/// Follows the workflows and activities of a client's workers, or of one worker: <c>new TemporalClientConnectOptions(host) { Plugins = [new ProgressPlugin(tracker)] }</c>. An execution of a workflow is a run, a type of activity a stage, an
/// activity a task. What is replayed is not told again.
/// </summary>
public sealed class ProgressPlugin : SimplePlugin
{
    private readonly ProgressInterceptor _interceptor;

    /// <summary>Makes one.</summary>
    /// <param name="tracker">What tracks the runs.</param>
    public ProgressPlugin(ProgressTracker tracker)
        : base("ProgressTelemetry") => _interceptor = new ProgressInterceptor(tracker);

    /// <inheritdoc/>
    public override void ConfigureWorker(TemporalWorkerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        base.ConfigureWorker(options);
        options.Interceptors = With(options.Interceptors, options.WorkflowFailureExceptionTypes);
    }

    /// <inheritdoc/>
    public override void ConfigureReplayer(WorkflowReplayerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        base.ConfigureReplayer(options);
        options.Interceptors = With(options.Interceptors, options.WorkflowFailureExceptionTypes);
    }

    // A client's plugin comes to its workers too: said of both, it is put in once.
    private IReadOnlyCollection<IWorkerInterceptor> With(IReadOnlyCollection<IWorkerInterceptor>? others, IReadOnlyCollection<Type>? failures)
    {
        _interceptor.AddFailures(failures ?? []);
        return others?.OfType<ProgressInterceptor>().Any() == true ? others : [_interceptor, .. others ?? []];
    }
}
