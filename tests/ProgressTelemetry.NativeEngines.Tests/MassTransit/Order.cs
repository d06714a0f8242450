using MassTransit;

namespace ProgressTelemetry.NativeEngines.Tests.MassTransit;

public sealed record OrderSubmitted(Guid OrderId);

public sealed record OrderPaid(Guid OrderId, bool IsGood = true);

public sealed record OrderShipped(Guid OrderId);

public sealed class Order : SagaStateMachineInstance
{
    public Guid CorrelationId { get; set; }

    public string State { get; set; } = "";
}

/// <summary>Submitted, paid, shipped; a payment that isn't good throws.</summary>
public sealed class OrderStateMachine : MassTransitStateMachine<Order>
{
    public OrderStateMachine()
    {
        InstanceState(order => order.State);
        Event(() => Submit, e => e.CorrelateById(m => m.Message.OrderId));
        Event(() => Pay, e => e.CorrelateById(m => m.Message.OrderId));
        Event(() => Ship, e => e.CorrelateById(m => m.Message.OrderId));
        Initially(When(Submit).TransitionTo(AwaitingPayment));
        During(AwaitingPayment, When(Pay).Then(Check).TransitionTo(Packing));
        During(Packing, When(Ship).Finalize());
        SetCompletedWhenFinalized();
    }

    public State AwaitingPayment { get; private set; } = null!;

    public State Packing { get; private set; } = null!;

    public Event<OrderSubmitted> Submit { get; private set; } = null!;

    public Event<OrderPaid> Pay { get; private set; } = null!;

    public Event<OrderShipped> Ship { get; private set; } = null!;

    private static void Check(BehaviorContext<Order, OrderPaid> context)
    {
        if (!context.Message.IsGood)
        {
            throw new InvalidOperationException("no money");
        }
    }
}
