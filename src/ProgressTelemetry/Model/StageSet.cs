namespace ProgressTelemetry.Model;

/// <summary>A run's stages, in order of plan or of first start, and the ways to find one.</summary>
internal sealed class StageSet
{
    /// <summary>So many are sought one by one: most runs have no more, and need no dictionary.</summary>
    private const int Few = 8;

    private readonly List<Stage> _all = [];
    private Dictionary<string, Stage>? _byName;
    private Dictionary<string, Stage>? _byTask;

    public IReadOnlyList<Stage> All => _all;

    public Stage? Find(string name)
    {
        if (_byName is not null)
        {
            return _byName.GetValueOrDefault(name);
        }

        foreach (var stage in _all)
        {
            if (stage.Name == name)
            {
                return stage;
            }
        }

        return null;
    }

    /// <summary>Adds a stage whose name is new.</summary>
    public Stage Add(string name, bool isPlanned)
    {
        var stage = new Stage(name, _all.Count) { IsPlanned = isPlanned };
        _all.Add(stage);
        if (_all.Count > Few)
        {
            (_byName ??= _all.Take(Few).ToDictionary(s => s.Name, StringComparer.Ordinal)).Add(name, stage);
        }

        return stage;
    }

    /// <summary>The stage that the task's id was first seen in.</summary>
    public Stage? OfTask(string taskId) => _byTask?.GetValueOrDefault(taskId);

    public void Place(string taskId, Stage stage) => (_byTask ??= new(StringComparer.Ordinal))[taskId] = stage;
}
