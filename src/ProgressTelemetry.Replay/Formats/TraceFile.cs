using System.Text.Json;

namespace ProgressTelemetry.Replay.Formats;

/// <summary>Reads recorded runs from files of any of the <see cref="TraceFormat"/>s.</summary>
public static class TraceFile
{
    /// <summary>Reads a recorded run.</summary>
    /// <param name="path">The file.</param>
    /// <param name="format">Its format; by default, by its content.</param>
    /// <returns>The run.</returns>
    /// <exception cref="TraceFormatException">The file can't be read, or isn't of the format; the message names the file, the line where there is one, and the reason.</exception>
    public static Trace Read(string path, TraceFormat format = TraceFormat.Auto)
    {
        try
        {
            return Parse(path, File.ReadAllText(path), format);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new TraceFormatException(path, null, "there is no such file", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TraceFormatException(path, null, Directory.Exists(path) ? "this is a folder, not a file" : $"cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Reads a recorded run out of a text; <paramref name="file"/> is its name in messages.</summary>
    internal static Trace Parse(string file, string text, TraceFormat format)
    {
        var start = text.AsSpan().TrimStart();
        if (start.IsEmpty)
        {
            throw new TraceFormatException(file, null, "the file is empty");
        }

        var isJson = start[0] is '{' or '[';
        var firstLine = start[..(start.IndexOfAny('\r', '\n') is var end and >= 0 ? end : start.Length)].ToString();
        return format switch
        {
            TraceFormat.Csv => EventStreamFormat.Read(file, new StringReader(text)),
            TraceFormat.Nextflow => NextflowFormat.Read(file, text),
            TraceFormat.Argo => ArgoFormat.Read(file, isJson ? Json.Parse(file, text) : Yaml.Parse(file, text)),
            TraceFormat.GitHub => GitHubFormat.Read(file, Json.Parse(file, text)),
            TraceFormat.Jenkins => JenkinsFormat.Read(file, Json.Parse(file, text)),
            _ when isJson => ReadJson(file, Json.Parse(file, text)),
            _ when NextflowFormat.IsHeader(firstLine) => NextflowFormat.Read(file, text),
            _ when ArgoFormat.IsYaml(firstLine) => ArgoFormat.Read(file, Yaml.Parse(file, text)),
            _ => EventStreamFormat.Read(file, new StringReader(text)),
        };
    }

    private static Trace ReadJson(string file, JsonElement root) => root switch
    {
        _ when GitHubFormat.Is(root) => GitHubFormat.Read(file, root),
        _ when JenkinsFormat.Is(root) => JenkinsFormat.Read(file, root),
        _ when ArgoFormat.Is(root) => ArgoFormat.Read(file, root),
        _ => throw new TraceFormatException(file, null, "this JSON is neither the jobs of a GitHub Actions run (jobs), nor the stages of a Jenkins build (stages), nor an Argo workflow with its status (status.nodes)"),
    };
}
