using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Http;

namespace ProgressTelemetry.AspNetCore.Endpoints;

/// <summary>Which runs a client asked for. Equal requests have equal answers, so those of many clients are made once.</summary>
/// <remarks>The states are a bit for each <see cref="WorkflowState"/>, 0 for all: collections would not compare.</remarks>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RunsRequest(string? Workflow, int States, string? Text, DateTimeOffset? Since, int Skip, int Take)
{
    /// <summary>The longest name and the longest text that is looked for: that of the longest name there is.</summary>
    internal const int LongestText = 200;

    private static readonly string[] Moments = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd"];
    private static readonly Dictionary<string, WorkflowState> StateNames = Enum.GetValues<WorkflowState>().ToDictionary(state => state.ToString(), StringComparer.OrdinalIgnoreCase);

    /// <summary>The first fifty of all.</summary>
    public static RunsRequest All { get; } = new(null, 0, null, null, 0, 50);

    /// <summary>Reads <c>?workflow=&amp;state=&amp;q=&amp;since=&amp;skip=&amp;take=</c>; an empty value is none, and other names are for others.</summary>
    /// <exception cref="BadHttpRequestException">A value can't be meant; the message is a sentence that says what can.</exception>
    public static RunsRequest Parse(IQueryCollection query) => new(
        TextOf(query, "workflow"),
        StatesOf(query),
        TextOf(query, "q"),
        MomentOf(query, "since"),
        NumberOf(query, "skip", All.Skip, 0, int.MaxValue),
        NumberOf(query, "take", All.Take, 1, RunQuery.MaxTake));

    public RunQuery ToQuery()
    {
        var states = States;
        return new RunQuery
        {
            Workflow = Workflow,
            States = states == 0 ? null : [.. Enum.GetValues<WorkflowState>().Where(state => (states & Bit(state)) != 0)],
            Text = Text,
            Since = Since,
            Skip = Skip,
            Take = Take,
        };
    }

    private static int Bit(WorkflowState state) => 1 << (int)state;

    private static string? ValueOf(IQueryCollection query, string name)
    {
        var values = query[name];
        if (values.Count > 1)
        {
            throw new BadHttpRequestException($"'{name}' may be given once.");
        }

        return values.ToString() is { Length: > 0 } text ? text : null;
    }

    private static string? TextOf(IQueryCollection query, string name) => ValueOf(query, name) switch
    {
        { Length: > LongestText } => throw new BadHttpRequestException($"'{name}' may have {LongestText} characters at most."),
        var text => text,
    };

    private static int StatesOf(IQueryCollection query)
    {
        var states = 0;
        foreach (var word in query["state"].SelectMany(value => (value ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)))
        {
            if (!StateNames.TryGetValue(word, out var state))
            {
                throw new BadHttpRequestException($"'state' is one or more of {string.Join(", ", StateNames.Keys).ToLowerInvariant()}.");
            }

            states |= Bit(state);
        }

        return states;
    }

    private static DateTimeOffset? MomentOf(IQueryCollection query, string name)
    {
        if (ValueOf(query, name) is not { } text)
        {
            return null;
        }

        return DateTimeOffset.TryParseExact(text, Moments, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var moment)
            ? moment
            : throw new BadHttpRequestException($"'{name}' is a moment in ISO 8601, such as 2026-03-02T14:00:00Z.");
    }

    private static int NumberOf(IQueryCollection query, string name, int otherwise, int least, int most)
    {
        if (ValueOf(query, name) is not { } text)
        {
            return otherwise;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new BadHttpRequestException(most == int.MaxValue ? $"'{name}' is a whole number, {least} or more." : $"'{name}' is a whole number from {least} to {most}.");
    }
}
