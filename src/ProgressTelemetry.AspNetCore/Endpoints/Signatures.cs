using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;

namespace ProgressTelemetry.AspNetCore.Endpoints;

/// <summary>
/// What the endpoints can be asked, as OpenAPI documents read it: from the parameters of a method. They are never called; the endpoints read their requests themselves, so that what is wrong with one gets an answer of their own.
/// </summary>
internal static class Signatures
{
    private const string Id = "The run's id. The ids '.' and '..' are written '~.' and '~..'.";
    private const string Token = "What IProgressTokens made for a run or a workflow.";

    public static Delegate Nothing { get; } = static () => { };

    public static Delegate Runs { get; } = static (
        [FromQuery, Description("Only runs of the workflow of this name."), StringLength(RunsRequest.LongestText)] string? workflow,
        [FromQuery, Description("Only runs in one of these states, separated by commas or given several times.")] string[]? state,
        [FromQuery, Description("Only runs whose id, workflow or current stage has this text in it, in whatever case."), StringLength(RunsRequest.LongestText)] string? q,
        [FromQuery, Description("Only runs that started or ended at this moment or later.")] DateTimeOffset? since,
        [FromQuery, Description("How many of them to leave out at the beginning."), Range(0, int.MaxValue), DefaultValue(0)] int? skip,
        [FromQuery, Description("How many to answer with at most."), Range(1, RunQuery.MaxTake), DefaultValue(50)] int? take) => { };

    public static Delegate Run { get; } = static ([FromRoute, Description(Id)] string id) => { };

    public static Delegate Report { get; } = static (
        [FromRoute, Description(Id)] string id,
        [FromQuery, Description("The report's form; without it, Accept decides."), AllowedValues("json", "md", "html")] string? format) => { };

    public static Delegate Live { get; } = static ([FromRoute, Description(Token)] string token) => { };

    public static Delegate Operation { get; } = static (
        [FromRoute, Description("What the Operation-Location of a 202 ends with.")] string token,
        [FromQuery, Description("true leads to the result once there is one, instead of telling where it is."), DefaultValue(false)] bool? redirect) => { };
}
