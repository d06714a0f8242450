using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using ProgressTelemetry.Tests.Support;

namespace ProgressTelemetry.Tests.Nodes;

public sealed class ProgressTrackerNodeTests : IDisposable
{
    private readonly RecordingListener _listener = new();
    private readonly TrackerFixture _fixture;
    private readonly ProgressTrackerNode _node;

    public ProgressTrackerNodeTests()
    {
        _fixture = new TrackerFixture(null, _listener);
        _node = new ProgressTrackerNode(_fixture.Tracker, "content", _ => new() { RunId = "flow" });
    }

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void Run_OfAFlowWithARevision_DrivesTheRunAndWritesTheMetrics()
    {
        var shared = Store("draft", ["blog", "linkedin"], 0);
        var start = _fixture.Tracker.UtcNow;
        Assert.Equal("default", _node.Run(shared));
        _fixture.Advance(10);
        Move(shared, "review", 0);
        _fixture.Advance(5);
        Move(shared, "draft", 1, "v2");
        Assert.Equal("draft", _node.FindStage(shared)!.Name);
        _fixture.Advance(5);
        Move(shared, "review", 1);
        _fixture.Advance(5);
        Move(shared, "publish", 1);
        _fixture.Advance(5);
        Move(shared, "completed", 1);

        Assert.Null(_node.FindRun(shared));
        var status = _fixture.Tracker.GetStatus("flow")!;
        Assert.Equal(WorkflowResult.Success, status.Result);
        Assert.Equal([("draft", 2, 1L), ("review", 2, 0L), ("publish", 1, 0L)], status.Stages.Select(s => (s.Name, s.Attempts, s.Revisions)));
        Assert.Equal(4, status.Stages[0].Items["platform"]);
        Assert.Equal(1, _listener.Count("revision draft quality control v2"));
        var metrics = Metrics(shared);
        Assert.Equal(["draft", "review", "publish"], metrics.Keys);
        var draft = Assert.IsAssignableFrom<IDictionary<string, object?>>(metrics["draft"]);
        Assert.Equal(start, Iso(draft["start_time"]));
        Assert.Equal(start.AddSeconds(20), Iso(draft["end_time"]));
        Assert.Equal(["blog", "linkedin"], Assert.IsAssignableFrom<IEnumerable<string>>(draft["platforms"]));
        Assert.Equal((1L, true), (draft["revisions"], draft["completed"]));
    }

    [Fact]
    public void Run_WhileAStageIsOpen_HasNoEndTime()
    {
        var shared = Store("draft", ["blog"], 0);
        _node.Run(shared);
        var draft = (IDictionary<string, object?>)Metrics(shared)["draft"]!;
        Assert.Equal(["completed", "platforms", "revisions", "start_time"], draft.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(false, draft["completed"]);
    }

    [Fact]
    public void Run_Again_OnTheSameStageUpdatesIt()
    {
        var shared = Store("draft", ["blog"], 0);
        _node.Run(shared);
        Move(shared, "draft", 2);
        var stage = Assert.Single(_node.FindRun(shared)!.GetStatus().Stages);
        Assert.Equal((1, 2L), (stage.Attempts, stage.Revisions));
    }

    [Theory]
    [InlineData("completed", WorkflowResult.Success)]
    [InlineData("done", WorkflowResult.Success)]
    [InlineData("failed", WorkflowResult.Failure)]
    [InlineData("cancelled", WorkflowResult.Cancellation)]
    public void Run_AtATerminalStage_EndsTheRunOnce(string stage, WorkflowResult result)
    {
        var shared = Store("draft", [], 0);
        _node.Run(shared);
        Move(shared, stage, 0);
        Move(shared, stage, 0);
        Assert.Equal(result, Assert.Single(_fixture.Tracker.GetRecentlyEnded()).Result);
        Assert.Equal(1, _listener.Count("run content started"));
        Assert.Equal(result == WorkflowResult.Success, ((IDictionary<string, object?>)Metrics(shared)["draft"]!)["completed"]);
    }

    [Fact]
    public void EndRun_EndsTheRunAndItsStage()
    {
        var shared = Store("draft", [], 0);
        _node.EndRun(shared);
        _node.Run(shared);
        _node.EndRun(shared, WorkflowResult.Failure, "quota");
        _node.EndRun(shared);
        var status = Assert.Single(_fixture.Tracker.GetRecentlyEnded());
        Assert.Equal((WorkflowResult.Failure, "quota", WorkflowResult.Failure), (status.Result, status.ErrorType, status.Stages[0].Result));
    }

    public static TheoryData<string, object?, object?, object?, object?> OddStores => new()
    {
        { "nothing", null, null, null, null },
        { "other types", 5, "text", new object(), 3.5 },
        { "lists for sections", new List<int> { 1 }, Array.Empty<string>(), true, new Hashtable() },
        { "null values", Section("current_stage", null), Section("platforms", null), Section("revision_count", null), new object?[] { null } },
        { "odd values", Section("current_stage", 17), Section("platforms", new List<object?> { 1, null, "blog" }), Section("revision_count", "many"), new[] { new object() } },
        { "huge values", Section("current_stage", new string('x', 5000)), Section("platforms", ""), Section("revision_count", double.PositiveInfinity), new[] { new string('v', 5000) } },
        { "negative", Section("current_stage", "  "), Section("platforms", 3), Section("revision_count", -5), "v1" },
        { "other keys", new Dictionary<int, string> { [1] = "x" }, new SortedList { [1] = 2 }, new Dictionary<string, int> { ["revision_count"] = 2 }, new Dictionary<string, string> { ["version"] = "x" } },
        { "throwing", new ThrowingDictionary(), new ThrowingDictionary(), new ThrowingDictionary(), new ThrowingList() },
        { "throwing values", Section("current_stage", new ThrowingList()), Section("platforms", new ThrowingList()), Section("revision_count", ulong.MaxValue), new object[] { new ThrowingDictionary() } },
        { "throwing texts", Section("platforms", new ThrowingTexts()), Section("platforms", new ThrowingTexts()), Section("revision_count", decimal.MaxValue), new object[] { Section("version", new ThrowingText()) } },
    };

    [Theory]
    [MemberData(nameof(OddStores))]
    public void Run_OnOddValues_TakesDefaults(string what, object? state, object? requirements, object? quality, object? history)
    {
        var shared = new Dictionary<string, object?> { ["workflow_state"] = state, ["task_requirements"] = requirements, ["quality_control"] = quality, ["version_history"] = history };
        Assert.Equal("default", _node.Run(shared));
        Assert.Equal("default", _node.Run(shared));
        Assert.True(_node.FindRun(shared) is not null, what);
        Assert.Single(Metrics(shared));
        Assert.Equal(0, _node.FindRun(shared)!.GetStatus().Performance.Revisions - (what == "other keys" ? 2 : 0));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(3L)]
    [InlineData((short)3)]
    [InlineData("3")]
    [InlineData(3.0)]
    public void Run_OnNumbersOfAnyType_CountsRevisions(object count)
    {
        var shared = Store("draft", [], 0);
        shared["quality_control"] = new Hashtable { ["revision_count"] = count };
        _node.Run(shared);
        Assert.Equal(3, _node.FindRun(shared)!.GetStatus().Performance.Revisions);
    }

    [Fact]
    public void Run_OnAStoreReadFromJson_ReadsItsElements()
    {
        const string Json = """
            {
              "workflow_state": { "current_stage": "draft" },
              "task_requirements": { "platforms": ["blog", "linkedin"] },
              "quality_control": { "revision_count": 2 },
              "version_history": [{ "version": 1 }, { "version": 2 }]
            }
            """;
        var shared = JsonSerializer.Deserialize<Dictionary<string, object?>>(Json)!;
        _node.Run(shared);
        _node.EndRun(shared);
        var stage = Assert.Single(_fixture.Tracker.GetStatus("flow")!.Stages);
        Assert.Equal("draft", stage.Name);
        Assert.Equal(2, stage.Revisions);
        Assert.Equal(2, stage.Items["platform"]);
    }

    [Fact]
    public void Run_OnAStoreThatCannotBeWritten_StillTracks()
    {
        var shared = new ReadOnlyStore(Store("draft", [], 0));
        Assert.Equal("default", _node.Run(shared));
        Assert.Equal("draft", _node.FindStage(shared)!.Name);
        Assert.Equal(1, _fixture.Errors("store_failed"));
    }

    [Fact]
    public void Run_OnTwoStores_IsTwoRuns()
    {
        var node = new ProgressTrackerNode(_fixture.Tracker);
        var (a, b) = (Store("x", [], 0), Store("y", [], 0));
        node.Run(a);
        node.Run(b);
        node.EndRun(a);
        Assert.Null(node.FindRun(a));
        Assert.Equal("y", node.FindStage(b)!.Name);
    }

    [Fact]
    public void Run_OfAFlowThatThrewAndItsStoreIsCollected_EndsAsAbandoned()
    {
        RunAndForget();
        Assert.True(Collected(() => _fixture.Tracker.GetActive().Count == 0));
        var status = Assert.Single(_fixture.Tracker.GetRecentlyEnded());
        Assert.Equal((WorkflowResult.Abandoned, WorkflowResult.Abandoned), (status.Result, status.Stages[0].Result));
        Assert.True(Collected(() => _listener.Count("run content ended Abandoned") == 1));
    }

    [Fact]
    public void Run_OfAStoreThatIsKept_OutlivesCollections()
    {
        var shared = Started();
        RunAndForget(new ProgressTrackerNode(_fixture.Tracker, "forgotten"));
        Assert.True(Collected(() => _listener.Count("run forgotten ended Abandoned") == 1));
        Assert.Equal("draft", _node.FindStage(shared)!.Name);
        GC.KeepAlive(shared);
    }

    [Fact]
    public void Run_OfAFlowThatEnded_IsNotAbandonedLater()
    {
        RunAndForget(end: true);
        RunAndForget(new ProgressTrackerNode(_fixture.Tracker, "forgotten"));
        Assert.True(Collected(() => _listener.Count("run forgotten ended Abandoned") == 1));
        Assert.Equal(WorkflowResult.Success, _fixture.Tracker.GetStatus("flow")!.Result);
        Assert.Equal(0, _fixture.Errors("late_update"));
    }

    [Fact]
    public async Task Run_WhileAnotherStoresRunIsStarted_IsNotHeldUp()
    {
        using var entered = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        var slow = Store("slow", [], 0);
        var node = new ProgressTrackerNode(_fixture.Tracker, "content", shared =>
        {
            if (ReferenceEquals(shared, slow))
            {
                entered.Set();
                Assert.True(release.Wait(TimeSpan.FromMinutes(1)));
            }

            return new WorkflowRunOptions();
        });
        var first = Task.Run(() => node.Run(slow));
        Assert.True(entered.Wait(TimeSpan.FromMinutes(1)));
        var other = Store("quick", [], 0);
        await Task.Run(() => node.Run(other)).WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Equal("quick", node.FindStage(other)!.Name);
        Assert.Null(node.FindRun(slow));
        release.Set();
        await first;
        Assert.Equal("slow", node.FindStage(slow)!.Name);
    }

    [Fact]
    public async Task Run_OfOneStoreByManyThreadsAtOnce_StartsOneRun()
    {
        var node = new ProgressTrackerNode(_fixture.Tracker);
        var shared = new System.Collections.Concurrent.ConcurrentDictionary<string, object?>();
        using var start = new Barrier(4);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait();
                node.Run(shared);
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));
        Assert.Single(_fixture.Tracker.GetActive());
    }

    [Fact]
    public void Run_OfNull_IsRefused()
    {
        Assert.Throws<ArgumentNullException>(() => _node.Run(null!));
        Assert.Throws<ArgumentNullException>(() => new ProgressTrackerNode(null!));
        Assert.Throws<ArgumentException>(() => new ProgressTrackerNode(_fixture.Tracker, " "));
        Assert.Throws<ArgumentOutOfRangeException>(() => _node.EndRun(Started(), (WorkflowResult)99));
    }

    private Dictionary<string, object?> Started()
    {
        var shared = Store("draft", [], 0);
        _node.Run(shared);
        return shared;
    }

    // Not inlined, so that the store is in no variable of the caller's.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void RunAndForget(ProgressTrackerNode? node = null, bool end = false)
    {
        var shared = Store("draft", [], 0);
        (node ?? _node).Run(shared);
        if (end)
        {
            _node.EndRun(shared);
        }
    }

    private static bool Collected(Func<bool> condition) => SpinWait.SpinUntil(
        () =>
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            return condition();
        },
        TimeSpan.FromMinutes(1));

    private static Dictionary<string, object?> Section(string key, object? value) => new() { [key] = value };

    private static Dictionary<string, object?> Store(string stage, string[] platforms, int revisions) => new()
    {
        ["workflow_state"] = Section("current_stage", stage),
        ["task_requirements"] = Section("platforms", platforms),
        ["quality_control"] = Section("revision_count", revisions),
    };

    private void Move(Dictionary<string, object?> shared, string stage, int revisions, string? version = null)
    {
        shared["workflow_state"] = Section("current_stage", stage);
        shared["quality_control"] = Section("revision_count", revisions);
        shared["version_history"] = version is null ? null : new List<object?> { Section("version", "v1"), Section("version", version) };
        _node.Run(shared);
    }

    private static IDictionary<string, object?> Metrics(Dictionary<string, object?> shared) =>
        Assert.IsAssignableFrom<IDictionary<string, object?>>(shared["progress_metrics"]);

    private static DateTimeOffset Iso(object? value) =>
        DateTimeOffset.ParseExact(Assert.IsType<string>(value), "O", CultureInfo.InvariantCulture);

    private sealed class ThrowingText
    {
        public override string ToString() => throw new FormatException("no text");
    }

    private sealed class ThrowingList : IEnumerable
    {
        public IEnumerator GetEnumerator() => throw new IOException("no list");
    }

    private sealed class ThrowingTexts : IEnumerable<string>
    {
        public IEnumerator<string> GetEnumerator()
        {
            yield return "one";
            throw new IOException("no more");
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }

    private class ReadOnlyStore(IDictionary<string, object?> store) : IDictionary<string, object?>
    {
        public ICollection<string> Keys => store.Keys;

        public ICollection<object?> Values => store.Values;

        public int Count => store.Count;

        public bool IsReadOnly => true;

        public object? this[string key]
        {
            get => store[key];
            set => throw new NotSupportedException("read-only");
        }

        public void Add(string key, object? value) => throw new NotSupportedException();

        public void Add(KeyValuePair<string, object?> item) => throw new NotSupportedException();

        public void Clear() => throw new NotSupportedException();

        public bool Contains(KeyValuePair<string, object?> item) => store.Contains(item);

        public bool ContainsKey(string key) => store.ContainsKey(key);

        public void CopyTo(KeyValuePair<string, object?>[] array, int arrayIndex) => store.CopyTo(array, arrayIndex);

        public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => store.GetEnumerator();

        public bool Remove(string key) => throw new NotSupportedException();

        public bool Remove(KeyValuePair<string, object?> item) => throw new NotSupportedException();

        public virtual bool TryGetValue(string key, [MaybeNullWhen(false)] out object? value) => store.TryGetValue(key, out value);

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }

    private sealed class ThrowingDictionary() : ReadOnlyStore(new Dictionary<string, object?>())
    {
        public override bool TryGetValue(string key, out object? value) => throw new IOException("no store");
    }
}
