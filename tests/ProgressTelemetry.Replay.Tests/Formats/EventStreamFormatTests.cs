using ProgressTelemetry.Replay.Formats;
using Xunit;

namespace ProgressTelemetry.Replay.Tests.Formats;

public sealed class EventStreamFormatTests
{
    private const string Header = "t,event,task,stage,parents\n";

    [Fact]
    public void Read_GoodTrace_GivesEventsStagesAndCounts()
    {
        var trace = Read(Header + "0.5,start,a,fetch,\n1.25,complete,a,fetch,\n1.25,start,b,index,a\n2,start,c,index,a b\n3e0,complete,c,index,\n");

        Assert.Equal(3, trace.Duration);
        Assert.Equal((3, 1, null), (trace.Tasks, trace.UnfinishedTasks, trace.Result));
        Assert.Empty(trace.Notes);
        Assert.Equal(["fetch", "index"], trace.Stages.Select(s => s.Name));
        Assert.Equal([1L, 2L], trace.Stages.Select(s => s.ExpectedTasks!.Value));
        Assert.Equal(["fetch"], trace.Stages[1].DependsOn);
        Assert.Equal(["a", "b"], trace.Events[3].Parents);
        Assert.Equal((1.25, TraceEventKind.Complete, "a", "fetch"), (trace.Events[1].Seconds, trace.Events[1].Kind, trace.Events[1].Task, trace.Events[1].Stage));
    }

    [Fact]
    public void Read_QuotedFieldsOtherColumnsCrLfAndBlankLines_Understood()
    {
        var trace = Read("host,task,t,stage,event,parents\r\n\r\nx,\"a,1\",0,\"say \"\"hi\"\"\",start,\r\n\"two\nlines\",\"a,1\",1,\"say \"\"hi\"\"\",complete,\r\n\r\n");

        Assert.Equal("say \"hi\"", Assert.Single(trace.Stages).Name);
        Assert.Equal("a,1", trace.Events[1].Task);
    }

    [Fact]
    public void Read_ErrorAfterQuotedLineBreak_NamesTheFileLine()
    {
        var e = Assert.Throws<TraceFormatException>(() => Read(Header + "0,start,\"a\nb\",s,\n1,stop,a,s,\n"));

        Assert.Equal(4, e.Line);
    }

    [Theory]
    [InlineData("", null, "empty")]
    [InlineData("\n\n", null, "empty")]
    [InlineData(Header, null, "no events")]
    [InlineData("t,event,task,parents\n0,start,a,\n", 1L, "column 'stage' is missing")]
    [InlineData(Header + "0,start,a\n", 2L, "column 'stage' is missing")]
    [InlineData(Header + "0,start,a,s,\nx,complete,a,s,\n", 3L, "'x', which is not a number")]
    [InlineData(Header + "NaN,start,a,s,\n", 2L, "not a number")]
    [InlineData(Header + "Infinity,start,a,s,\n", 2L, "not a number")]
    [InlineData(Header + ",start,a,s,\n", 2L, "not a number")]
    [InlineData(Header + "-1,start,a,s,\n", 2L, "must be from 0")]
    [InlineData(Header + "5e8,start,a,s,\n", 2L, "must be from 0")]
    [InlineData(Header + "2026-13-01T00:00:00Z,start,a,s,\n", 2L, "nor a date")]
    [InlineData(Header + "1767225600,start,a,s,\n5,complete,a,s,\n", 3L, "is of seconds; the lines before have seconds since 1970")]
    [InlineData(Header + "1e15,start,a,s,\n", 2L, "must be from 0")]
    [InlineData(Header + "0,begin,a,s,\n", 2L, "unknown event 'begin'")]
    [InlineData(Header + "0,complete,a,s,\n", 2L, "without having started")]
    [InlineData(Header + "0,fail,a,s,\n", 2L, "fails without having started")]
    [InlineData(Header + "0,start,a,s,\n1,complete,a,s,\n2,fail,a,s,\n", 4L, "fails after it has ended")]
    [InlineData(Header + "3,complete,a,s,\n5,start,a,s,\n", 2L, "completes 2 s before it starts (line 3)")]
    [InlineData(Header + "0,start,a,s,\n1,complete,a,s,\n2,start,a,other,\n", 4L, "started in 's'")]
    [InlineData(Header + "0,resume,,s,\n", 2L, "resumes without having waited")]
    [InlineData(Header + "0,wait,,s,\n1,wait,,s,\n", 3L, "waits already (since line 2)")]
    [InlineData(Header + "0,start,a,s,\n1,complete,a,s,\n2,complete,a,s,\n", 4L, "completes twice")]
    [InlineData(Header + "0,start,a,s,\n1,complete,a,other,\n", 3L, "started in 's'")]
    [InlineData(Header + "5,start,a,s,\n3.5,complete,a,s,\n", 3L, "time goes backwards, from 5 to 3.5")]
    [InlineData(Header + "0,start,,s,\n", 2L, "the task is empty")]
    [InlineData(Header + "0,start,a, ,\n", 2L, "the stage is empty")]
    [InlineData(Header + "0,start,\"a,s,\n", 2L, "not closed")]
    [InlineData(Header + "0,start,\"a\"b,s,\n", 2L, "after the closing quote")]
    [InlineData(Header + "0,start,a\"b,s,\n", 2L, "a quote inside")]
    public void Read_MalformedTrace_SaysFileLineAndReason(string text, long? line, string reason)
    {
        var e = Assert.Throws<TraceFormatException>(() => Read(text));

        Assert.Equal(line, e.Line);
        Assert.Contains(reason, e.Reason, StringComparison.Ordinal);
        Assert.StartsWith(line is null ? "run.csv: " : $"run.csv:{line}: ", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_NameOverTheLimit_SaysSo()
    {
        var e = Assert.Throws<TraceFormatException>(() => Read(Header + $"0,start,a,{new string('s', 201)},\n"));

        Assert.Contains("201 characters", e.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_NoParentsHeaderInCapitals_UnderstoodAndNamed()
    {
        var trace = Read("T,Event,Task,Stage\n0,Start,a,s\n1,COMPLETE,a,s\n");

        Assert.Equal((1, WorkflowResult.Success), (trace.Tasks, trace.Result));
        Assert.Contains("no column 'parents'", Assert.Single(trace.Notes), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1767225600.25", "1767225601.5", 1.25)]
    [InlineData("1767225600250", "1767225601500", 1.25)]
    [InlineData("2026-01-01T00:00:00.25Z", "2026-01-01T01:00:01.5+01:00", 1.25)]
    [InlineData("2026-01-01 00:00:00.250", "2026-01-01T00:00:01.500000000Z", 1.25)]
    public void Read_Dates_CountFromTheFirst(string first, string last, double duration)
    {
        var trace = Read(Header + $"{first},start,a,s,\n{last},complete,a,s,\n");

        Assert.Equal(0, trace.Events[0].Seconds);
        Assert.Equal(duration, trace.Duration, 6);
        Assert.Equal(new DateTimeOffset(2026, 1, 1, 0, 0, 1, 500, TimeSpan.Zero), trace.EndedAt!.Value, TimeSpan.FromMilliseconds(.01));
    }

    [Theory]
    [InlineData("0,start,a,s,\n2,fail,a,s,\n3,start,a,s,\n5,complete,a,s,\n")]
    [InlineData("0,start,a,s,\n2,complete,a,s,\n3,start,a,s,\n5,complete,a,s,\n")]
    [InlineData("0,start,a,s,\n2,retry,a,s,\n3,start,a,s,\n5,complete,a,s,\n")]
    public void Read_TaskTwice_IsARetryAndCountsOnce(string lines)
    {
        var trace = Read(Header + lines);

        Assert.Equal([TraceEventKind.Start, TraceEventKind.Retry, TraceEventKind.Start, TraceEventKind.Complete], trace.Events.Select(e => e.Kind));
        Assert.Equal((1, 0, WorkflowResult.Success), (trace.Tasks, trace.UnfinishedTasks, trace.Result));
    }

    [Fact]
    public void Read_StartedAgainWhileItRuns_TheAttemptBeforeFailed()
    {
        var trace = Read(Header + "0,start,a,s,\n3,start,a,s,\n5,complete,a,s,\n");

        Assert.Equal([(0, TraceEventKind.Start), (3, TraceEventKind.Retry), (3, TraceEventKind.Start), (5, TraceEventKind.Complete)], trace.Events.Select(e => (e.Seconds, e.Kind)));
    }

    [Theory]
    [InlineData("5,start,a,s,\n4.5,complete,a,s,\n")]
    [InlineData("4.5,complete,a,s,\n5,start,a,s,\n")]
    public void Read_EndUpToASecondBeforeItsStart_IsAtIt(string lines)
    {
        var trace = Read(Header + lines);

        Assert.Equal([(5, TraceEventKind.Start), (5, TraceEventKind.Complete)], trace.Events.Select(e => (e.Seconds, e.Kind)));
        Assert.Contains(trace.Notes, note => note.Contains("1 task(s) end up to a second before", StringComparison.Ordinal));
    }

    [Fact]
    public void Read_FirstLineALittleLate_TheRunStartsWithTheEarliest()
    {
        var trace = Read(Header + "1767225600.5,start,a,s,\n1767225600,start,b,s,\n1767225602,complete,a,s,\n");

        Assert.Equal([("b", 0), ("a", .5), ("a", 2)], trace.Events.Select(e => (e.Task, e.Seconds)));
    }

    [Fact]
    public void Read_WaitsAndSkips_KeepTheirReasonsAndStages()
    {
        var trace = Read("t,event,task,stage,reason\n0,skip,a,s,\n1,wait,,gate,approval by legal\n4,resume,,gate,\n4,start,b,gate,\n5,wait,b,gate,\n7,complete,b,gate,\n");

        Assert.Equal(["approval by legal", "b"], trace.Events.Where(e => e.Kind == TraceEventKind.Wait).Select(e => e.Reason));
        Assert.Equal([("", 4), ("b", 7)], trace.Events.Where(e => e.Kind == TraceEventKind.Resume).Select(e => (e.Task, e.Seconds)));
        Assert.Equal([("s", 1L), ("gate", 1L)], trace.Stages.Select(s => (s.Name, s.ExpectedTasks!.Value)));
        Assert.Equal(WorkflowResult.Success, trace.Result);
    }

    [Theory]
    [InlineData("0,start,a,s,\n1,fail,a,s,\n", WorkflowResult.Failure)]
    [InlineData("0,start,a,s,\n1,cancel,a,s,\n", WorkflowResult.Cancellation)]
    [InlineData("0,skip,a,s,\n", WorkflowResult.Success)]
    [InlineData("0,start,a,s,\n1,retry,a,s,\n", null)]
    [InlineData("0,skip,a,s,\n1,wait,,gate,\n", null)]
    public void Read_LastEvents_SayHowTheRunEnded(string lines, WorkflowResult? result)
    {
        Assert.Equal(result, Read(Header + lines).Result);
    }

    [Fact]
    public void Read_LongTaskIds_AreData()
    {
        var id = new string('k', 5000);

        Assert.Equal(id, Read(Header + $"0,start,{id},s,\n").Events[0].Task);
    }

    [Fact]
    public void ReadFile_MissingFileOrFolder_SaysSo()
    {
        var missing = Assert.Throws<TraceFormatException>(() => TraceFile.Read(Path.Combine(AppContext.BaseDirectory, "none.csv")));
        var directory = Assert.Throws<TraceFormatException>(() => TraceFile.Read(AppContext.BaseDirectory));

        Assert.Contains("no such file", missing.Reason, StringComparison.Ordinal);
        Assert.Contains("a folder", directory.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Stages_DependenciesInACircle_KeepOnlyThoseOutsideIt()
    {
        var trace = Read(Header
            + "0,start,1,first,\n1,start,2,left,1\n2,start,3,right,2\n3,start,4,left,3\n4,start,5,last,4 3\n");

        Assert.Equal(["first", "left", "right", "last"], trace.Stages.Select(s => s.Name));
        Assert.Equal(["first"], trace.Stages[1].DependsOn);
        Assert.Empty(trace.Stages[2].DependsOn);
        Assert.Equal(["left", "right"], trace.Stages[3].DependsOn);
    }

    [Fact]
    public void Stages_ParentThatTheTraceLeavesOut_SaysNothing()
    {
        var trace = Read(Header + "0,start,1,a,77\n");

        Assert.Empty(Assert.Single(trace.Stages).DependsOn);
    }

    private static Trace Read(string text) => TraceFile.Parse("run.csv", text, TraceFormat.Csv);
}
