using System.Runtime.InteropServices;

namespace ProgressTelemetry.Model;

/// <summary>When a stage ran and waited, for its run's report; of more than <see cref="MostSpans"/> stretches the last stands for all that follow. </summary>
internal sealed class StageCourse
{
    private const int MostSpans = 64;
    private readonly List<Span> _attempts = new(1);
    private List<Span>? _waits;

    public IReadOnlyList<Span> Attempts => _attempts;

    public IReadOnlyList<Span> Waits => _waits ?? [];

    public void Began(double now) => Open(_attempts, now);

    /// <summary>The attempt that began at <paramref name="began"/> is over.</summary>
    public void Ended(double began, WorkflowResult result, double now) => Close(_attempts, began, result, now);

    public void WaitBegan(double now) => Open(_waits ??= new(1), now);

    /// <summary>The last wait that was open is over.</summary>
    public void WaitEnded(double now)
    {
        if (_waits is [.., { End: null } open])
        {
            Close(_waits, open.Start, null, now);
        }
    }

    private static void Open(List<Span> spans, double now)
    {
        if (spans.Count < MostSpans)
        {
            spans.Add(new Span(now, null, null));
        }
        else
        {
            spans[^1] = spans[^1] with { End = null, Result = null };
        }
    }

    private static void Close(List<Span> spans, double began, WorkflowResult? result, double now)
    {
        var i = spans.FindIndex(s => s.Start == began && s.End is null);
        i = i < 0 ? spans.Count - 1 : i;
        spans[i] = spans[i] with { End = now, Result = result };
    }

    /// <summary>A stretch, s since the run's start; no end while it lasts.</summary>
    [StructLayout(LayoutKind.Auto)]
    internal readonly record struct Span(double Start, double? End, WorkflowResult? Result);
}
