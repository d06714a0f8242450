using ProgressTelemetry.Replay.Formats;
using Xunit;

namespace ProgressTelemetry.Replay.Tests;

public sealed class TraceReaderTests
{
    private const string Header = "t,event,task,stage,parents\n";

    [Fact]
    public void Read_GoodTrace_GivesEventsStagesAndCounts()
    {
        var trace = Read(Header + "0.5,start,a,fetch,\n1.25,complete,a,fetch,\n1.25,start,b,index,a\n2,start,c,index,a b\n3e0,complete,c,index,\n");

        Assert.Equal(3, trace.Duration);
        Assert.Equal(3, trace.StartedTasks);
        Assert.Equal(2, trace.CompletedTasks);
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
    [InlineData("t,event,task,stage\n0,start,a,s\n", 1L, "column 'parents' is missing")]
    [InlineData(Header + "0,start,a\n", 2L, "column 'stage' is missing")]
    [InlineData(Header + "0,start,a,s,\nx,complete,a,s,\n", 3L, "'x', which is not a number")]
    [InlineData(Header + "NaN,start,a,s,\n", 2L, "not a number")]
    [InlineData(Header + "Infinity,start,a,s,\n", 2L, "not a number")]
    [InlineData(Header + ",start,a,s,\n", 2L, "not a number")]
    [InlineData(Header + "-1,start,a,s,\n", 2L, "must be from 0")]
    [InlineData(Header + "1e12,start,a,s,\n", 2L, "must be from 0")]
    [InlineData(Header + "0,begin,a,s,\n", 2L, "unknown event 'begin'")]
    [InlineData(Header + "0,complete,a,s,\n", 2L, "without having started")]
    [InlineData(Header + "0,start,a,s,\n1,start,a,s,\n", 3L, "starts twice (first on line 2)")]
    [InlineData(Header + "0,start,a,s,\n1,complete,a,s,\n2,start,a,s,\n", 4L, "starts twice")]
    [InlineData(Header + "0,start,a,s,\n1,complete,a,s,\n2,complete,a,s,\n", 4L, "completes twice")]
    [InlineData(Header + "0,start,a,s,\n1,complete,a,other,\n", 3L, "started in 's'")]
    [InlineData(Header + "5,start,a,s,\n4.5,complete,a,s,\n", 3L, "time goes backwards, from 5 to 4.5")]
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
    public void ReadFile_MissingFileOrFolder_SaysSo()
    {
        var missing = Assert.Throws<TraceFormatException>(() => TraceReader.ReadFile(Path.Combine(AppContext.BaseDirectory, "none.csv")));
        var directory = Assert.Throws<TraceFormatException>(() => TraceReader.ReadFile(AppContext.BaseDirectory));

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

    private static Trace Read(string text) => TraceReader.Read("run.csv", new StringReader(text));
}
