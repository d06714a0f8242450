using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using ProgressTelemetry.TestSupport;

namespace ProgressTelemetry.AspNetCore.Tests.Waiting;

/// <summary>The Blazor component of docs/guides/progress-for-your-users.md, compiled as it is printed.</summary>
public sealed partial class BlazorSampleTests
{
    [Fact]
    public void Sample_InTheGuide_IsTheOneThatIsCompiled()
    {
        var guide = File.ReadAllText(Path.Combine(RealParts.RepositoryRoot, "docs", "guides", "progress-for-your-users.md"));
        var compiled = File.ReadAllText(Path.Combine(RealParts.RepositoryRoot, "tests", "ProgressTelemetry.AspNetCore.Tests", "Waiting", "ImportProgress.razor"));

        Assert.Contains($"```razor\n{compiled}```", guide, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sample_Rendered_HasATokenThatOpensItsRun()
    {
        var keys = new EphemeralDataProtectionProvider();
        await using var app = await WaitingApp.StartAsync(keys: keys);
        app.Tracker.StartWorkflow("import", new WorkflowRunOptions { RunId = "42", ExpectedTasks = 4 });
        await using var services = new ServiceCollection().AddSingleton(app.Tokens).BuildServiceProvider();
        await using var renderer = new HtmlRenderer(services, NullLoggerFactory.Instance);

        var html = await renderer.Dispatcher.InvokeAsync(async () =>
            (await renderer.RenderComponentAsync<ImportProgress>(ParameterView.FromDictionary(new Dictionary<string, object?>(StringComparer.Ordinal) { ["RunId"] = "42" }))).ToHtmlString());

        var element = Element().Match(html);
        Assert.True(element.Success, html);
        Assert.Equal("running", (await app.ReadAsync(element.Groups["token"].Value)).GetProperty("state").GetString());
    }

    [GeneratedRegex("""<progress-run src="/progress/live/(?<token>[^"]+)"></progress-run>""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Element();
}
