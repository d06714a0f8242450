using static ProgressTelemetry.Estimation.EstimatorConstants;

namespace ProgressTelemetry.Estimation;

/// <summary>The newest profiles, scaled to this run's sizes. Worked out anew only when the profiles, the run's stages or their sizes have changed: most predictions of a run find it as the last one left it.</summary>
internal sealed class ScaledHistory
{
    private readonly RunProfile?[] _profiles = new RunProfile?[MaxProfiles];
    private readonly ProfileScale[] _scales = new ProfileScale[MaxProfiles];
    private string[] _names = [];
    private double[] _sizes = [];
    private double[] _slopes = [];
    private StageProfile?[] _stages = [];
    private double[] _walls = [];
    private int _stageCount;

    /// <summary>How many profiles there are.</summary>
    public int Count { get; private set; }

    public ref readonly ProfileScale Scale(int profile) => ref _scales[profile];

    /// <summary>The stage in the profile; null where it lacks it.</summary>
    public StageProfile? Stage(int profile, int stage) => _stages[(stage * MaxProfiles) + profile];

    /// <summary>Each stage's whole wall as the profile predicts it, s.</summary>
    public ReadOnlySpan<double> Walls(int profile) => _walls.AsSpan(profile * _stageCount, _stageCount);

    public void Read(StageViews views, ReadOnlySpan<RunProfile> history)
    {
        var newest = history[..Math.Min(history.Length, MaxProfiles)];
        var all = views.All;
        if (!AreKnown(newest, all))
        {
            Find(newest, all);
            Resize(views);
        }
        else if (!AreOfSize(all))
        {
            Resize(views);
        }
    }

    private bool AreKnown(ReadOnlySpan<RunProfile> history, ReadOnlySpan<StageView> views)
    {
        if (history.Length != Count || views.Length != _stageCount)
            return false;
        for (var p = 0; p < history.Length; p++)
        {
            if (!ReferenceEquals(history[p], _profiles[p]))
                return false;
        }

        for (var i = 0; i < views.Length; i++)
        {
            if (!ReferenceEquals(views[i].Name, _names[i]))
                return false;
        }

        return true;
    }

    private bool AreOfSize(ReadOnlySpan<StageView> views)
    {
        for (var i = 0; i < views.Length; i++)
        {
            if (views[i].Expected != _sizes[i])
                return false;
        }

        return true;
    }

    private void Find(ReadOnlySpan<RunProfile> history, ReadOnlySpan<StageView> views)
    {
        _stageCount = views.Length;
        Count = history.Length;
        if (_names.Length < _stageCount)
        {
            _names = new string[_stageCount];
            _sizes = new double[_stageCount];
            _slopes = new double[_stageCount];
            _stages = new StageProfile?[_stageCount * MaxProfiles];
            _walls = new double[_stageCount * MaxProfiles];
        }

        _profiles.AsSpan().Clear();
        history.CopyTo(_profiles!);
        for (var i = 0; i < _stageCount; i++)
        {
            _names[i] = views[i].Name;
            for (var p = 0; p < Count; p++)
            {
                var stage = history[p].Find(views[i].Name, views[i].Index);
                _stages[(i * MaxProfiles) + p] = stage is { WorkedTasks: 0 } && !history[p].Teaches ? null : stage;
            }

            _slopes[i] = HistoryTrend.Of(history, _stages.AsSpan(i * MaxProfiles, Count));
        }
    }

    private void Resize(StageViews views)
    {
        var all = views.All;
        for (var i = 0; i < _stageCount; i++)
            _sizes[i] = all[i].Expected;
        for (var p = 0; p < Count; p++)
            _scales[p] = ScaleWalls(p, all, views.Total);
    }

    /// <summary>Each stage's whole wall as the profile predicts it; a stage that it lacks gets its walls' mean per task.</summary>
    private ProfileScale ScaleWalls(int profile, ReadOnlySpan<StageView> views, double total)
    {
        var walls = _walls.AsSpan(profile * _stageCount, _stageCount);
        var lnTotal = Math.Log(total / _profiles[profile]!.Size);
        var (squares, seen, missing, wallSum, taskSum) = (0.0, 0, 0, 0.0, 0.0);
        for (var i = 0; i < walls.Length; i++)
        {
            walls[i] = 0;
            if (views[i].Expected <= 0)
                continue;
            if (Stage(profile, i) is not { } q)
            {
                missing++;
                continue;
            }

            var ln = Math.Log(views[i].Expected / q.Size);
            squares += ln * ln;
            seen++;
            walls[i] = Math.Max(q.WallSeconds, ShortestWall) * Math.Exp((StageScale * ln) + ((TotalScale + _slopes[i]) * lnTotal));
            wallSum += walls[i];
            taskSum += views[i].Expected;
        }

        var perTask = taskSum > 0 ? wallSum / taskSum : 1;
        for (var i = 0; missing > 0 && i < walls.Length; i++)
        {
            if (views[i].Expected > 0 && Stage(profile, i) is null)
                wallSum += walls[i] = views[i].Expected * perTask;
        }

        var distance = LeastDistance + (lnTotal * lnTotal) + (seen > 0 ? squares / seen : NoStageInCommon) + (missing / Math.Max(1.0, seen + missing));
        return new ProfileScale(wallSum, distance);
    }
}
