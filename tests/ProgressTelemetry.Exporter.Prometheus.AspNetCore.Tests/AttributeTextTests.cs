using System.Collections;
using ProgressTelemetry.Exporter.Prometheus.Naming;
using ProgressTelemetry.Exporter.Prometheus.Tests.Fuzz;
using Xunit;

namespace ProgressTelemetry.Exporter.Prometheus.Tests;

public sealed class AttributeTextTests
{
    public static TheoryData<object?, string> Values { get; } = new()
    {
        { null, "" },
        { "\ud800", "\ud800" }, // replaced where it is encoded
        { double.NaN, "NaN" },
        { double.NegativeInfinity, "-Infinity" },
        { 1e300, "1E+300" },
        { 1.5m, "1.5" },
        { DayOfWeek.Monday, "Monday" },
        { new byte[] { 104, 105 }, "aGk=" },
        { Array.Empty<string>(), "[]" },
        { new[] { "a\ud800b", "\udc00" }, "[\"a\\uFFFDb\",\"\\uFFFD\"]" },
        { new object?[] { null, true, 1L, 0.5, double.PositiveInfinity, 'c', "ü\"\\" }, "[null,true,1,0.5,\"Infinity\",\"c\",\"ü\\\"\\\\\"]" },
        { new object[] { new byte[] { 104, 105 }, new[] { 1, 2 }, Array.Empty<int>() }, "[\"aGk=\",[1,2],[]]" },
        { new Dictionary<string, object?> { ["a"] = double.NegativeInfinity, ["b\""] = new object?[] { 3, null } }, "{\"a\":\"-Infinity\",\"b\\\"\":[3,null]}" },
        { new ThrowingText(), "ThrowingText" },
        { new[] { new ThrowingText() }, "ThrowingText[]" },
        { new ThrowingItems(), "ThrowingItems" },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void Of_Value_IsTheSpecificationsText(object? value, string text) => Assert.Equal(text, AttributeText.Of(value));

    [Fact]
    public void Of_ListThatContainsItself_IsItsType()
    {
        var list = new ArrayList();
        list.Add(list);
        Assert.Equal("ArrayList", AttributeText.Of(list));
    }

    private sealed class ThrowingItems : IEnumerable
    {
        public IEnumerator GetEnumerator() => throw new InvalidOperationException("changed");
    }
}
