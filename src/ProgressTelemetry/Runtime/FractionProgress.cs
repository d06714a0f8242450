using System.Globalization;
using ProgressTelemetry.Model.Changes;

namespace ProgressTelemetry.Runtime;

/// <summary>Takes reports of a stage's progress in a unit, of which so many are the whole.</summary>
internal sealed class FractionProgress(LiveStage stage, DateTimeOffset? own, double unit) : IProgress<double>
{
    public void Report(double value)
    {
        if (double.IsNaN(value) || value < 0 || value > unit)
        {
            var hint = value > 1 && unit == 1 ? "; AsPercentProgress() takes percent" : "";
            stage.Run.Services.Errors.Add(
                TrackerErrors.ProgressInvalid,
                $"stage '{stage.Stage.Name}' was reported a progress of {value.ToString(CultureInfo.InvariantCulture)}, which is not from 0 to {unit.ToString(CultureInfo.InvariantCulture)}{hint}");
        }

        if (!double.IsNaN(value))
        {
            stage.Run.Apply(new ReportFraction(stage.Attempt, Math.Clamp(value / unit, 0, 1)), own);
        }
    }
}
