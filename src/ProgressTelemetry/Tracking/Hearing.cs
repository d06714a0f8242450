using System.Runtime.InteropServices;

namespace ProgressTelemetry.Tracking;

/// <summary>A listener, and what it said when it was added.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Hearing(ProgressListener Listener, bool HearsTasks)
{
    public static Hearing Of(ProgressListener listener) => new(listener, listener.HearsTasks);
}
