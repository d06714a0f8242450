using Hangfire;
using Hangfire.PostgreSql;
using Hangfire.States;
using Microsoft.Extensions.DependencyInjection;
using ProgressTelemetry;
using ProgressTelemetry.HangfireWorker;

// A Hangfire server for some queues, one of two that work on one tree of jobs; the first creates them. It prints what is done and what is heard, and ends when the run has, here or there.
//   worker DATABASE QUEUES PARTS [create]
var (database, queues, parts) = (args[0], args[1].Split(','), int.Parse(args[2], System.Globalization.CultureInfo.InvariantCulture));
await using var services = new ServiceCollection().AddPostgreSqlRunStore(database).BuildServiceProvider();
await using var tracker = new ProgressTracker(listeners: [new Printer()], store: services.GetRequiredService<IRunStore>());
var storage = new PostgreSqlStorage(
    new Hangfire.PostgreSql.Factories.NpgsqlConnectionFactory(database, new PostgreSqlStorageOptions()),
    new PostgreSqlStorageOptions { QueuePollInterval = TimeSpan.FromMilliseconds(200) });
GlobalConfiguration.Configuration.UseStorage(storage).UseProgressTelemetry(tracker);
if (args is [.., "create"])
{
    var client = new BackgroundJobClient(storage);
    var root = client.Create(() => Import.Prepare(), new ScheduledState(TimeSpan.FromDays(1)));
    var loads = Enumerable.Range(0, parts).Select(part => client.Create(() => Import.Load(part, null), new AwaitingState(root, new EnqueuedState(part % 2 == 0 ? "first" : "second")))).ToList();
    client.Create(() => Import.Report(), new AwaitingState(loads[^1], new EnqueuedState("second")));
    Printer.Print($"run {root}");
    client.ChangeState(root, new EnqueuedState("first"));
}

using (new BackgroundJobServer(new BackgroundJobServerOptions { Queues = queues, WorkerCount = 2, SchedulePollingInterval = TimeSpan.FromMilliseconds(200) }, storage))
{
    Printer.Print("ready");
    while (tracker.GetRecentlyEnded().Count == 0)
    {
        await Task.Delay(TimeSpan.FromMilliseconds(100));
    }
}

await tracker.FlushAsync();
await tracker.DrainAsync();
