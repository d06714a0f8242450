using ProgressTelemetry.Replay.Formats;
using Xunit;
using static ProgressTelemetry.Replay.TraceEventKind;

namespace ProgressTelemetry.Replay.Tests.Formats;

public sealed class NextflowFormatTests
{
    [Fact]
    public void Read_DefaultFieldsForPeople_TimesEachTaskByItsWork()
    {
        var trace = Recorded.Read("nextflow-default.txt");

        Assert.Equal([("QC:FASTQC", 2L), ("ALIGN", 2L), ("MULTIQC", 1L)], trace.Plan());
        // Submitted at 0 and done 41.8 s later, of which it worked 40.1.
        Assert.Equal([(Start, 1.7), (Complete, 41.8)], trace.Of("QC:FASTQC", "QC:FASTQC (liver) #1"));
        // Attempts have ids of their own and share a name.
        Assert.Equal([(Start, 47.3), (Retry, 232.3), (Start, 238.8), (Complete, 598.8)], trace.Of("ALIGN", "ALIGN (liver) #3"));
        Assert.Equal((5, 0, WorkflowResult.Success, "nextflow-default"), (trace.Tasks, trace.UnfinishedTasks, trace.Result, trace.Name));
        Assert.Contains("does not say which process needs which", Assert.Single(trace.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_RawResumedRun_SkipsWhatWasCachedAndFailsWhatDid()
    {
        var trace = Recorded.Read("nextflow-raw.txt");

        Assert.Equal([("QC:FASTQC", 2L), ("ALIGN", 2L), ("REPORT", 1L)], trace.Plan());
        Assert.Equal([(Skip, 0)], trace.Of("QC:FASTQC", "QC:FASTQC (gut) #8"));
        Assert.Equal([(Start, 4.1), (Retry, 104), (Start, 106), (Fail, 206)], trace.Of("ALIGN", "ALIGN (gut) #10"));
        // Cut off with the run: at its last moment.
        Assert.Equal([(Start, 205.5), (Cancel, 300)], trace.Of("REPORT", "REPORT #11"));
        Assert.Equal((300, WorkflowResult.Failure), (trace.Duration, trace.Result));
    }

    [Fact]
    public void Read_FailureThatTheRunIgnored_EndsWell()
    {
        var trace = Recorded.Parse("""
            name	status	submit	start	complete
            A (1)	FAILED	2026-01-01 00:00:00.000	2026-01-01 00:00:00.000	2026-01-01 00:00:10.000
            B (1)	COMPLETED	2026-01-01 00:00:11.000	2026-01-01 00:00:11.000	2026-01-01 00:00:20.000

            """);

        Assert.Equal((WorkflowResult.Success, 2), (trace.Result, trace.Tasks));
        Assert.Contains(trace.Events, e => e.Kind == Fail);
    }

    [Fact]
    public void Read_StillRunning_ClaimsNothing()
    {
        var trace = Recorded.Parse("name\tstatus\tsubmit\tstart\nA (1)\tRUNNING\t1772442000000\t1772442001000\nB (1)\tSUBMITTED\t1772442000000\t-\n");

        Assert.Equal((2, 1, null), (trace.Tasks, trace.UnfinishedTasks, trace.Result));
    }

    [Theory]
    [InlineData("name\tstatus\tsubmit\nA\tDONE\t1772442000000\n", 2L, "unknown status 'DONE'")]
    [InlineData("name\tstatus\tsubmit\nA\tCOMPLETED\tyesterday\n", 2L, "submit is 'yesterday'")]
    [InlineData("name\tstatus\tsubmit\tduration\nA\tCOMPLETED\t1772442000000\ta while\n", 2L, "duration is 'a while'")]
    [InlineData("name\tstatus\tduration\nA\tCOMPLETED\t5s\n", 2L, "no submit, start or complete with a date")]
    [InlineData("name\tstatus\tsubmit\n\tCOMPLETED\t1772442000000\n", 2L, "no name")]
    [InlineData("name\tstatus\tstart\tcomplete\nA\tCOMPLETED\t1772442005000\t1772442000000\n", 2L, "ends 5 s before it starts")]
    [InlineData("name\tstatus\tsubmit\n", null, "no tasks")]
    [InlineData("task_id\tname\n", 1L, "must name status")]
    public void Read_Malformed_SaysLineAndReason(string text, long? line, string reason)
    {
        var e = Assert.Throws<TraceFormatException>(() => Recorded.Parse(text, TraceFormat.Nextflow));

        Assert.Equal(line, e.Line);
        Assert.Contains(reason, e.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1d 2h 3m 4.5s", 93_784.5)]
    [InlineData("931ms", .931)]
    [InlineData("61750", 61.75)]
    [InlineData("2m", 120)]
    public void TryRead_Duration_Understood(string text, double seconds)
    {
        Assert.True(NextflowDuration.TryRead(text, out var time));
        Assert.Equal(seconds, time.TotalSeconds, 6);
    }
}
