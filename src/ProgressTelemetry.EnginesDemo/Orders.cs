using Hangfire;

namespace ProgressTelemetry.EnginesDemo;

/// <summary>Hangfire's jobs: orders come in, are checked by region, one of which answers at the second attempt only, and are billed.</summary>
internal sealed class Orders(Pace pace)
{
    private static int s_checks;

    public Task ImportAsync(CancellationToken cancellationToken) => pace.WorkAsync(6, cancellationToken);

    [AutomaticRetry(Attempts = 3, DelaysInSeconds = [3])]
    public async Task CheckAsync(string region, CancellationToken cancellationToken)
    {
        await pace.WorkAsync(5, cancellationToken);
        if (region == "north" && Interlocked.Increment(ref s_checks) % 2 == 1)
        {
            throw new TimeoutException("the region does not answer");
        }
    }

    public Task BillAsync(CancellationToken cancellationToken) => pace.WorkAsync(8, cancellationToken);
}

/// <summary>Enqueues the jobs, and those that continue them, again and again.</summary>
internal sealed class OrdersAgainAndAgain(IBackgroundJobClient jobs, Pace pace) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var import = jobs.Enqueue<Orders>(orders => orders.ImportAsync(CancellationToken.None));
            jobs.ContinueJobWith<Orders>(import, orders => orders.CheckAsync("south", CancellationToken.None));
            var north = jobs.ContinueJobWith<Orders>(import, orders => orders.CheckAsync("north", CancellationToken.None));
            jobs.ContinueJobWith<Orders>(north, orders => orders.BillAsync(CancellationToken.None));
            await pace.WorkAsync(45, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
