using ProgressTelemetry.Tests.Support;

namespace ProgressTelemetry.Tests.Input;

/// <summary>Wrong use is refused at the call that made it; nothing of the refused call remains.</summary>
public sealed class BadInputTests : IDisposable
{
    private readonly TrackerFixture _fixture = new(o => o.MinShownRunAge = TimeSpan.Zero);

    public static TheoryData<string?> NoNames => new() { { null }, { "" }, { "  " }, { "\t\n" }, { new string('x', 201) } };

    public static TheoryData<string> OddNames => new()
    {
        { "quote \" and 'single'" },
        { "two\nlines" },
        { "back\\slash\\n" },
        { "<script>alert(1)</script>" },
        { "Ünïcødé 進捗 🚀" },
        { "lone surrogate \ud800" },
        { "tab\tand \0 null" },
        { "{label=\"x\"} 1" },
        { "_other" },
        { new string('x', 200) },
    };

    public void Dispose() => _fixture.Dispose();

    [Theory]
    [MemberData(nameof(NoNames))]
    public void Names_ThatAreNone_AreRefused(string? name)
    {
        var run = _fixture.Tracker.StartWorkflow("w");
        var stage = run.StartStage("s");
        AssertNames(
            () => _fixture.Tracker.StartWorkflow(name!),
            () => run.StartStage(name!),
            () => _ = new Milestone(name!, .5),
            () => _ = new PlannedStage(name!),
            () => _ = new PlannedStage("a", null, [name!]),
            () => stage.RecordItems(name!));
        if (string.IsNullOrWhiteSpace(name) && name is not null)
        {
            AssertNames(() => _fixture.Tracker.StartWorkflow("w", new() { RunId = name }));
        }

        Assert.Single(_fixture.Tracker.GetActive());
        Assert.Equal(0, run.GetStatus().CompletedTasks);

        static void AssertNames(params Action[] calls)
        {
            foreach (var call in calls)
            {
                var error = Assert.ThrowsAny<ArgumentException>(call);
                Assert.False(string.IsNullOrEmpty(error.ParamName));
            }
        }
    }

    [Theory]
    [MemberData(nameof(OddNames))]
    public void Names_OfAnyText_ArriveAsTheyAre(string name)
    {
        var run = _fixture.Tracker.StartWorkflow(name, new() { RunId = name, Version = name, Milestones = [new(name, .5)], ExpectedTasks = 2 });
        var stage = run.StartStage(name);
        stage.RecordItems(name);
        stage.UpdateTask(name, WorkflowTaskState.Completed);
        _fixture.Advance(1);
        var readings = _fixture.Collect();
        Assert.Equal(name, Assert.Single(readings, r => r.Instrument.Name == "workflow.run.state")["workflow.run.id"]);
        Assert.Equal(name, Assert.Single(readings, r => r.Instrument.Name == "workflow.run.stage.state")["workflow.stage.name"]);
        Assert.Equal(1, readings.Where(r => r.Instrument.Name == "workflow.milestone.reached").Sum(r => r.Value));
        Assert.Equal(1, readings.Where(r => r.Instrument.Name == "workflow.stage.items").Sum(r => r.Value));
        Assert.Equal(name, _fixture.Tracker.GetStatus(name)!.Workflow);
        Assert.NotEmpty(run.GetReport().ToJson());
        Assert.NotEmpty(run.GetReport().ToHtml());
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(long.MinValue)]
    [InlineData((1L << 53) + 1)]
    [InlineData(long.MaxValue)]
    public void Counts_OutOfRange_AreRefused(long count)
    {
        var run = _fixture.Tracker.StartWorkflow("w");
        var stage = run.StartStage("s");
        foreach (var call in (Action[])[
            () => stage.CompleteTasks(count),
            () => stage.SkipTasks(count),
            () => stage.ExpectTasks(count),
            () => stage.RecordItems("x", count),
            () => run.ExpectTasks(count),
            () => run.StartStage("t", count),
            () => _ = new PlannedStage("a", count),
            () => _fixture.Tracker.StartWorkflow("w", new() { ExpectedTasks = count })])
        {
            Assert.Throws<ArgumentOutOfRangeException>(call);
        }

        Assert.Equal((0L, null), (run.GetStatus().CompletedTasks, run.GetStatus().ExpectedTasks));
        Assert.Single(run.GetStatus().Stages);
        Assert.Empty(run.GetStatus().Stages[0].Items);
    }

    [Fact]
    public void Counts_WhoseSumsPassTheLargest_AreCountedAsOverflow()
    {
        const long Most = 1L << 53;
        var run = _fixture.Tracker.StartWorkflow("w", new() { ExpectedTasks = Most, Stages = [.. Enumerable.Range(0, 1100).Select(i => new PlannedStage($"s{i}", Most))] });
        var stage = run.StartStage("s0", Most);
        for (var i = 0; i < 1100; i++)
        {
            stage.CompleteTasks(Most);
            stage.SkipTasks(Most);
            stage.ExpectTasks(Most);
            stage.RecordItems("byte", Most);
        }

        var status = run.GetStatus();
        Assert.Equal(Most, status.Stages[0].CompletedTasks);
        Assert.Equal(Most, status.Stages[0].Items["byte"]);
        Assert.Equal(Most, _fixture.Sum("workflow.stage.items"));
        Assert.InRange(status.ExpectedTasks!.Value, status.CompletedTasks, long.MaxValue);
        Assert.InRange(status.CompletionRatio!.Value, 0, 1);
        Assert.Equal((2 * 1100) - 1 + 1099, _fixture.Errors("count_overflow"));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(-.01)]
    [InlineData(1.01)]
    [InlineData(double.PositiveInfinity)]
    public void Completion_OutOfRange_IsRefused(double ratio)
    {
        var run = _fixture.Tracker.StartWorkflow("w");
        Assert.Throws<ArgumentOutOfRangeException>(() => run.UpdateTask("a", WorkflowTaskState.Running, ratio));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ = new Milestone("m", ratio));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ = new Milestone("m", 0));
        Assert.Empty(run.GetStatus().Stages);
    }

    [Fact]
    public void Enumerations_WithOtherNumbers_AreRefused()
    {
        var run = _fixture.Tracker.StartWorkflow("w");
        var stage = run.StartStage("s");
        var task = stage.StartTask();
        Assert.Throws<ArgumentOutOfRangeException>(() => run.End((WorkflowResult)7));
        Assert.Throws<ArgumentOutOfRangeException>(() => stage.End((WorkflowResult)(-1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => task.End((WorkflowResult)7));
        Assert.Throws<ArgumentOutOfRangeException>(() => run.UpdateTask("a", (WorkflowTaskState)6));
        Assert.False(run.IsEnded);
        Assert.Equal(0, run.GetStatus().CompletedTasks);
    }

    [Fact]
    public void RunOptions_ThatContradict_AreRefused()
    {
        foreach (var options in (WorkflowRunOptions[])[
            new() { Milestones = [new("m", .5), new("m", .6)] },
            new() { Stages = ["a", "a"] },
            new() { Stages = [new("a", 1, ["b"])] },
            new() { Stages = [new("a", 1, ["a"])] },
            new() { Stages = [new("a", 1, ["b"]), new("b", 1, ["a"])] },
            new() { StallTimeout = TimeSpan.Zero },
            new() { Milestones = null! },
            new() { Milestones = [null!] },
            new() { Stages = null! },
            new() { Stages = [null!] },
            new() { Tags = null! },
            new() { Tags = [default] },
            new() { Links = null! },
            new() { WhenLive = (WhenLive)7 },
            new() { StallTimeout = TimeSpan.FromMilliseconds(50) }])
        {
            Assert.ThrowsAny<ArgumentException>(() => _fixture.Tracker.StartWorkflow("w", options));
        }

        Assert.Empty(_fixture.Tracker.GetActive());
        Assert.Equal(0, _fixture.Sum("workflow.run.active"));
    }

    [Fact]
    public void NullArguments_AreRefused()
    {
        var run = _fixture.Tracker.StartWorkflow("w");
        Assert.Throws<ArgumentNullException>(() => _fixture.Tracker.GetStatus(null!));
        Assert.Throws<ArgumentNullException>(() => _fixture.Tracker.GetReport(null!));
        Assert.Throws<ArgumentNullException>(() => _fixture.Tracker.Subscribe(null!));
        Assert.Throws<ArgumentNullException>(() => run.Fail((Exception)null!));
        Assert.Throws<ArgumentNullException>(() => run.StartStage("s").Fail((Exception)null!));
    }

    /// <summary>Ids and reasons come from data: paths, keys, addresses. Whatever they are, the work goes on.</summary>
    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("s3://bucket/")]
    public void Texts_FromData_AreOfAnyLength(string start)
    {
        var run = _fixture.Tracker.StartWorkflow("w", new() { Version = start + new string('v', 300) });
        var stage = run.StartStage("s", 4);
        foreach (var id in new[] { start, start + new string('x', 199), start + new string('x', 5000), start + new string('x', 5001) })
        {
            stage.UpdateTask(id, WorkflowTaskState.Running, .5);
            stage.StartTask(id).Complete();
            using (stage.Wait(id))
            {
            }
        }

        Assert.Equal((4L, 4L), (run.GetStatus().CompletedTasks, run.GetStatus().ExpectedTasks!.Value));
        Assert.Equal(0, _fixture.Errors("late_update"));
    }

    [Fact]
    public void RunId_Long_IsShownShortenedAndFoundByEitherForm()
    {
        var (one, other) = (new string('r', 400) + "1", new string('r', 400) + "2");
        var run = _fixture.Tracker.StartWorkflow("w", new() { RunId = one });
        using var second = _fixture.Tracker.StartWorkflow("w", new() { RunId = other });
        Assert.NotEqual(run.Id, second.Id);
        Assert.Equal(200, run.Id.Length);
        Assert.Equal(run.Id, _fixture.Tracker.GetStatus(one)!.RunId);
        Assert.Equal(run.Id, _fixture.Tracker.GetStatus(run.Id)!.RunId);
        Assert.Throws<InvalidOperationException>(() => _fixture.Tracker.StartWorkflow("w", new() { RunId = one }));
    }

    [Fact]
    public void RunId_Unknown_IsNull()
    {
        Assert.Null(_fixture.Tracker.GetStatus("nobody"));
        Assert.Null(_fixture.Tracker.GetReport("nobody"));
    }

    [Theory]
    [InlineData(null, "failure")]
    [InlineData("", "failure")]
    [InlineData("disk.full", "disk.full")]
    public void ErrorType_OfAFailure_IsBoundedAndNotEmpty(string? given, string? kept)
    {
        var run = _fixture.Tracker.StartWorkflow("w");
        run.Fail(given);
        Assert.Equal(kept, run.GetStatus().ErrorType);
        Assert.Equal(kept, Assert.Single(_fixture.Collect(), r => r.Instrument.Name == "workflow.run.duration")["error.type"]);
        var other = _fixture.Tracker.StartWorkflow("w");
        other.Fail(new string('e', 1000));
        Assert.Equal(200, other.GetStatus().ErrorType!.Length);
    }

    [Fact]
    public void ErrorType_OfASuccess_IsDropped()
    {
        var run = _fixture.Tracker.StartWorkflow("w");
        run.StartStage("s").End(WorkflowResult.Success, "x");
        run.End(WorkflowResult.Success, "x");
        Assert.Null(run.GetStatus().ErrorType);
        Assert.DoesNotContain(_fixture.Collect(), r => r.Instrument.Name.EndsWith(".duration", StringComparison.Ordinal) && r["error.type"] is not null);
    }
}
