using Hangfire.Common;
using Hangfire.Storage;
using ProgressTelemetry.Naming;

namespace ProgressTelemetry.Hangfire;

/// <summary>A job's name, as the stage that it is a task of: its type's and its method's, without namespaces and arguments, so that there are no more names than methods.</summary>
internal static class JobName
{
    private const int Longest = 200;

    public static string Of(Job job) => Cut($"{TypeName.Of(job.Type)}.{job.Method.Name}");

    /// <summary>The name of a job whose code this process may lack.</summary>
    public static string Of(JobData data) => data.Job is { } job ? Of(job) : Cut($"{Short(data.InvocationData?.Type)}.{data.InvocationData?.Method ?? "?"}");

    // As it is stored: "Namespace.Type, Assembly".
    private static string Short(string? type) => type?.Split(',')[0].Split('.')[^1] ?? "?";

    private static string Cut(string name) => name.Length > Longest ? name[..Longest] : name;
}
