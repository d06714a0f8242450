using ProgressTelemetry.TestSupport;
using System.ClientModel.Primitives;
using System.Text.Json;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Microsoft.AspNetCore.DataProtection;
using ProgressTelemetry.AspNetCore.Tests.Support;

namespace ProgressTelemetry.AspNetCore.Tests.Waiting;

/// <summary>The poller of Azure.Core, which all of Azure's .NET clients wait for long-running operations with, against a status monitor.</summary>
public sealed class OperationClientTests
{
    [Fact]
    public async Task WaitForCompletion_RunSucceeds_ReturnsTheResultItself()
    {
        WorkflowRun? run = null;
        await using var app = await OperationTests.StartAsync(work: started => run = started);
        var operation = await PollAsync(app, "1");
        Assert.False(operation.HasCompleted);
        await operation.UpdateStatusAsync();
        Assert.False(operation.HasCompleted);

        run!.Complete();
        var result = await operation.WaitForCompletionResponseAsync().AsTask().Within();

        Assert.True(operation.HasCompleted);
        Assert.Equal("the result of 1", result.Content.ToString());
    }

    [Theory]
    [InlineData(WorkflowResult.Failure, "failure", "The operation failed.")]
    [InlineData(WorkflowResult.Cancellation, "cancellation", "The operation was cancelled.")]
    public async Task WaitForCompletion_RunEndsWithoutSuccess_ThrowsWithCodeAndMessage(WorkflowResult result, string code, string message)
    {
        WorkflowRun? run = null;
        await using var app = await OperationTests.StartAsync(work: started => run = started);
        var operation = await PollAsync(app, "1");

        run!.End(result);
        var error = await Assert.ThrowsAsync<RequestFailedException>(() => operation.WaitForCompletionResponseAsync().AsTask().Within());

        Assert.Equal(code, error.ErrorCode);
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WaitForCompletion_ForecastUnknownAndProcessRestarts_GoesOnWaitingAndReturnsTheResult()
    {
        var keys = new EphemeralDataProtectionProvider();
        var first = await OperationTests.StartAsync(keys: keys);
        var (operation, port) = (await PollAsync(first, "1"), first.App.Address.Port);
        Assert.Null(first.Tracker.GetStatus("1")!.Estimate);
        await operation.UpdateStatusAsync();
        await first.App.StopAsync();
        await first.DisposeAsync();

        await using var second = await OperationTests.StartAsync(keys: keys, port: port);
        await operation.UpdateStatusAsync();
        Assert.False(operation.HasCompleted);
        second.Tracker.StartWorkflow("import", new WorkflowRunOptions { RunId = "1" }).Complete();
        var result = await operation.WaitForCompletionResponseAsync().AsTask().Within();

        Assert.Equal("the result of 1", result.Content.ToString());
    }

    /// <summary>Starts the work over HTTP and hands the answer's address to the poller, as generated clients do.</summary>
    private static async Task<Operation> PollAsync(WaitingApp app, string id)
    {
        var start = new Uri(app.App.Address, $"/imports/{id}");
        using var accepted = await app.Http.PostAsync(start, null);
        var state = JsonSerializer.Serialize(new Dictionary<string, object?>
        {
            ["version"] = "1.0.0",
            ["id"] = id,
            ["requestMethod"] = "POST",
            ["initialUri"] = start.AbsoluteUri,
            ["nextRequestUri"] = OperationTests.MonitorOf(accepted).AbsoluteUri,
            ["headerSource"] = "OperationLocation",
            ["finalStateVia"] = "Location",
            ["lastKnownLocation"] = null,
        });
        var token = ModelReaderWriter.Read<RehydrationToken>(BinaryData.FromString(state));
        var pipeline = HttpPipelineBuilder.Build(new PollerOptions());
        return await Operation.RehydrateAsync(pipeline, token).Within();
    }

    private sealed class PollerOptions : ClientOptions;
}
