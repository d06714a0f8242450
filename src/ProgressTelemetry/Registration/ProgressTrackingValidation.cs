using Microsoft.Extensions.Options;

namespace ProgressTelemetry.Registration;

/// <summary>Says which options are out of range, all of them at once, by the names under which a configuration has them.</summary>
internal sealed class ProgressTrackingValidation : IValidateOptions<ProgressTrackingOptions>
{
    public ValidateOptionsResult Validate(string? name, ProgressTrackingOptions options)
    {
        var faults = options.Faults().Select(fault => $"{ProgressTrackingConfiguration.Section}:{fault.Property} {fault.Message}").ToArray();
        return faults.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
