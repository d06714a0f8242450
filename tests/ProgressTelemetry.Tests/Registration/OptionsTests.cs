using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ProgressTelemetry.Tests.Registration;

/// <summary>Where options come from, and what becomes of wrong ones, in a real host.</summary>
public sealed class OptionsTests
{
    public static TheoryData<string, string, string> WrongValues => new()
    {
        { nameof(ProgressTrackingOptions.StallTimeout), "00:00:00", "must be" },
        { nameof(ProgressTrackingOptions.MinShownRunAge), "-00:00:01", "must be 00:00:00 or more" },
        { nameof(ProgressTrackingOptions.EndedRunRetention), "-00:00:01", "must be 00:00:00 or more" },
        { nameof(ProgressTrackingOptions.ShownSeriesBudget), "1901", "must be from 1 to 1900" },
        { nameof(ProgressTrackingOptions.MaxDefinitions), "0", "must be from 1 to 1900" },
        { nameof(ProgressTrackingOptions.HistoryPerWorkflow), "11", "must be from 0 to 10" },
        { nameof(ProgressTrackingOptions.HistoryPerWorkflow), "many", "Failed to convert configuration value" },
    };

    [Fact]
    public void Options_FromTheConfiguration_AreTheTrackers()
    {
        using var host = Build([("StallTimeout", "00:00:07"), ("MinShownRunAge", "00:00:02"), ("EndedRunRetention", "00:01:00"), ("ShownSeriesBudget", "77"), ("MaxDefinitions", "88"), ("HistoryPerWorkflow", "3")]);
        var options = host.Services.GetRequiredService<ProgressTracker>().Options;

        Assert.Equal(
            (TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(2), TimeSpan.FromMinutes(1), 77, 88, 3),
            (options.StallTimeout, options.MinShownRunAge, options.EndedRunRetention, options.ShownSeriesBudget, options.MaxDefinitions, options.HistoryPerWorkflow));
    }

    [Fact]
    public void Options_FromTheConfigurationAndFromCode_AreThoseOfTheCode()
    {
        using var host = Build([("ShownSeriesBudget", "77"), ("MaxDefinitions", "88")], services => services.AddProgressTracking(options => options.ShownSeriesBudget = 99));
        var options = host.Services.GetRequiredService<ProgressTracker>().Options;
        Assert.Equal((99, 88), (options.ShownSeriesBudget, options.MaxDefinitions));
    }

    [Fact]
    public void Options_WithoutAConfiguration_AreTheDefaults()
    {
        using var provider = new ServiceCollection().AddProgressTracking().BuildServiceProvider();
        Assert.Equal(new ProgressTrackingOptions().MaxDefinitions, provider.GetRequiredService<ProgressTracker>().Options.MaxDefinitions);
    }

    [Theory]
    [MemberData(nameof(WrongValues))]
    public async Task StartAsync_OfAHostWithAWrongOption_NamesSectionAndProperty(string property, string value, string complaint)
    {
        using var host = Build([(property, value)]);
        var error = await Assert.ThrowsAnyAsync<Exception>(() => host.StartAsync());
        Assert.True(error is OptionsValidationException or InvalidOperationException, error.ToString());
        Assert.Contains("ProgressTracking:" + property, error.Message, StringComparison.Ordinal);
        Assert.Contains(complaint, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartAsync_OfAHostWithTwoWrongOptions_NamesBoth()
    {
        using var host = Build([("MaxDefinitions", "0")], services => services.AddProgressTracking(options => options.HistoryPerWorkflow = -1));
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());
        Assert.Equal(
            ["ProgressTracking:MaxDefinitions is 0; it must be from 1 to 1900.", "ProgressTracking:HistoryPerWorkflow is -1; it must be from 0 to 10."],
            error.Failures);
    }

    [Theory]
    [InlineData("ShownSeriesBudget", 0)]
    [InlineData("ShownSeriesBudget", 1901)]
    [InlineData("HistoryPerWorkflow", -1)]
    public void Constructor_WithAWrongOption_NamesIt(string property, int value)
    {
        var options = new ProgressTrackingOptions();
        typeof(ProgressTrackingOptions).GetProperty(property)!.SetValue(options, value);
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => new ProgressTracker(options));
        Assert.Equal((property, value), (error.ParamName, error.ActualValue));
    }

    private static IHost Build((string Property, string Value)[] configuration, Action<IServiceCollection>? configure = null)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(configuration.Select(entry => KeyValuePair.Create("ProgressTracking:" + entry.Property, (string?)entry.Value)));
        builder.Services.AddProgressTracking();
        configure?.Invoke(builder.Services);
        return builder.Build();
    }
}
