using ProgressTelemetry.Demo.Replay;
using ProgressTelemetry.Replay.Play;
using Xunit;

namespace ProgressTelemetry.Demo.Tests.Replay;

public sealed class PredictionFileTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a,\"b\"", "\"a,\"\"b\"\"\"")]
    public void Row_Prediction_HasSixDecimalsOrMoreAndQuotesNames(string stage, string field)
    {
        Assert.Equal($"0.3,1.5000000,2.2500000,,,{field}", PredictionFile.Row(new Prediction(.3, 1.5, 2.25, null, null, stage)));
    }
}
