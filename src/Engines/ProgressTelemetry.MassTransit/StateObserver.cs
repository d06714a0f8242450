using MassTransit;

namespace ProgressTelemetry.MassTransit;

/// <summary>What happens to the instances of a state machine.</summary>
internal sealed class StateObserver<TSaga>(SagaRuns runs, State final) : IStateObserver<TSaga>, IEventObserver<TSaga>
    where TSaga : class, SagaStateMachineInstance
{
    public Task StateChanged(BehaviorContext<TSaga> context, State currentState, State previousState)
    {
        if (currentState.Equals(final))
        {
            runs.Ended(context.Saga.CorrelationId);
        }
        else if (previousState is not null)
        {
            runs.Entered(context.Saga.CorrelationId, currentState.Name);
        }

        return Task.CompletedTask;
    }

    public Task ExecuteFault(BehaviorContext<TSaga> context, Exception exception)
    {
        runs.EventFailed(context.Saga.CorrelationId, exception);
        return Task.CompletedTask;
    }

    public Task ExecuteFault<T>(BehaviorContext<TSaga, T> context, Exception exception)
        where T : class => ExecuteFault((BehaviorContext<TSaga>)context, exception);

    public Task PreExecute(BehaviorContext<TSaga> context) => Task.CompletedTask;

    public Task PreExecute<T>(BehaviorContext<TSaga, T> context)
        where T : class => Task.CompletedTask;

    public Task PostExecute(BehaviorContext<TSaga> context) => Task.CompletedTask;

    public Task PostExecute<T>(BehaviorContext<TSaga, T> context)
        where T : class => Task.CompletedTask;
}
