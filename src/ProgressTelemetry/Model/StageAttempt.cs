namespace ProgressTelemetry.Model;

/// <summary>An attempt at a stage: its part of what was announced and counted, and its running timed tasks.</summary>
internal sealed class StageAttempt(Stage stage)
{
    private List<TimedTask>? _tasks;
    private TimedTask? _free;
    private bool _isEnded;

    public Stage Stage { get; } = stage;

    /// <summary>Whoever runs it; the model only hands it back.</summary>
    public object? Owner { get; set; }

    /// <summary>From 1.</summary>
    public int Number { get; set; }

    public double StartedAt { get; set; }

    public DateTimeOffset StartedWall { get; set; }

    /// <summary>Read without the run's lock.</summary>
    public bool IsEnded
    {
        get => Volatile.Read(ref _isEnded);
        set => Volatile.Write(ref _isEnded, value);
    }

    /// <summary>Tasks announced at its start.</summary>
    public long Announced { get; set; }

    /// <summary>Tasks that it has brought to their end: by so many the stage has more done.</summary>
    public long Ended { get; set; }

    /// <summary>Of those, the ones that its own count told of.</summary>
    public long Counted { get; set; }

    /// <summary>Its declared waits that are open.</summary>
    public int Waits { get; set; }

    public TimedTask Rent()
    {
        if (_free is { } task)
        {
            _free = task.NextFree;
            task.NextFree = null;
        }
        else
        {
            task = new TimedTask(this);
            (_tasks ??= []).Add(task);
        }

        task.IsRunning = true;
        return task;
    }

    public void Return(TimedTask task)
    {
        task.IsRunning = false;
        task.Identity = null;
        task.NextFree = _free;
        _free = task;
    }

    public IEnumerable<TimedTask> RunningTasks => _tasks?.Where(task => task.IsRunning) ?? [];
}
