using MassTransit;
using ProgressTelemetry.Naming;

namespace ProgressTelemetry.MassTransit;

/// <summary>Connects an observer to each saga state machine of the bus, when it is configured. Those of MassTransit itself, for jobs and futures, are no work of anybody's.</summary>
internal sealed class StateMachines(Adapter adapter) : ISagaConfigurationObserver
{
    private readonly Dictionary<object, SagaRuns> _runs = [];

    /// <summary>Leaves the runs of which nothing was heard for long.</summary>
    public void Forget()
    {
        foreach (var runs in _runs.Values)
        {
            runs.Forget();
        }
    }

    public void SagaConfigured<TSaga>(ISagaConfigurator<TSaga> configurator)
        where TSaga : class, ISaga
    {
    }

    public void StateMachineSagaConfigured<TInstance>(ISagaConfigurator<TInstance> configurator, SagaStateMachine<TInstance> stateMachine)
        where TInstance : class, ISaga, SagaStateMachineInstance
    {
        if (typeof(TInstance).Assembly != typeof(JobSaga).Assembly && !_runs.ContainsKey(stateMachine))
        {
            var states = stateMachine.States.Where(state => !state.Equals(stateMachine.Initial) && !state.Equals(stateMachine.Final)).Select(state => state.Name);
            var runs = _runs[stateMachine] = new SagaRuns(adapter, TypeName.Of(stateMachine.GetType()), [.. states]);
            var observer = new StateObserver<TInstance>(runs, stateMachine.Final);
            stateMachine.ConnectStateObserver(observer);
            stateMachine.ConnectEventObserver(observer);
        }
    }

    public void SagaMessageConfigured<TSaga, TMessage>(ISagaMessageConfigurator<TSaga, TMessage> configurator)
        where TSaga : class, ISaga
        where TMessage : class
    {
    }
}
