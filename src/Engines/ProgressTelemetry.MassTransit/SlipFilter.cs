using MassTransit;
using MassTransit.Courier.Contracts;

namespace ProgressTelemetry.MassTransit;

/// <summary>Around all that a process does with a routing slip at one activity: its attempts, and passing the slip on. Meanwhile the activity's stage is current.</summary>
internal sealed class SlipFilter(SlipRuns slips, bool compensates) : IFilter<ConsumeContext<RoutingSlip>>
{
    public async Task Send(ConsumeContext<RoutingSlip> context, IPipe<ConsumeContext<RoutingSlip>> next)
    {
        var (step, current) = slips.Starting(context.Message, compensates);
        using var ending = current;
        try
        {
            await next.Send(context).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            slips.CutOff(step, e);
            throw;
        }

        slips.PassedOn(step);
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("progressTelemetry");
}
