using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ProgressTelemetry.Signals;

/// <summary>Makes an Activity current for a while: for what asks for the current one, as exemplars and log records do.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly ref struct CurrentActivity
{
    private readonly Activity? _before;
    private readonly bool _isChanged;

    public CurrentActivity(Activity? activity)
    {
        _before = Activity.Current;
        if (activity is not null && !ReferenceEquals(activity, _before))
        {
            _isChanged = true;
            Activity.Current = activity;
        }
    }

    public void Dispose()
    {
        if (_isChanged)
        {
            Activity.Current = _before;
        }
    }
}

internal static class CurrentActivityExtensions
{
    public static CurrentActivity AsCurrent(this Activity? activity) => new(activity);
}
