using System.Text;

namespace ProgressTelemetry.AspNetCore.Tests.Support;

/// <summary>A response body whose writes can be held up, as those to a reader that does not read.</summary>
internal sealed class HeldUpStream : MemoryStream
{
    private readonly Lock _gate = new();
    private readonly StringBuilder _written = new();
    private TaskCompletionSource _open = Opened();
    private (string Text, TaskCompletionSource Seen)? _awaited;

    public string Written
    {
        get
        {
            lock (_gate)
            {
                return _written.ToString();
            }
        }
    }

    public void HoldUp() => _open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Release() => _open.TrySetResult();

    public Task UntilWrittenAsync(string text)
    {
        lock (_gate)
        {
            var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _awaited = (text, seen);
            Check();
            return seen.Task;
        }
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await _open.Task.WaitAsync(cancellationToken);
        lock (_gate)
        {
            _written.Append(Encoding.UTF8.GetString(buffer.Span));
            Check();
        }
    }

    private void Check()
    {
        if (_awaited is { } awaited && _written.ToString().Contains(awaited.Text, StringComparison.Ordinal))
        {
            awaited.Seen.TrySetResult();
        }
    }

    private static TaskCompletionSource Opened()
    {
        var open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        open.SetResult();
        return open;
    }
}
