namespace ProgressTelemetry.Replay.Formats;

/// <summary>Stage names as the library takes them.</summary>
internal static class StageName
{
    /// <summary>The library's limit on the length of a name.</summary>
    public const int Longest = 200;

    /// <summary>A name out of data: empty ones get one, long ones are cut.</summary>
    public static string Of(string? text)
    {
        var name = text?.Trim() ?? "";
        return name.Length == 0 ? "(unnamed)" : name.Length <= Longest ? name : name[..(Longest - 1)] + "…";
    }
}
