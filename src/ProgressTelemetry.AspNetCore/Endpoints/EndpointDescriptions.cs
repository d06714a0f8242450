using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;

namespace ProgressTelemetry.AspNetCore.Endpoints;

/// <summary>Says of endpoints what OpenAPI documents tell. Of bodies they tell the media type, and of JSON the definition of the served schema that it follows, for <c>ProgressTelemetry.OpenApi</c>.</summary>
internal static class EndpointDescriptions
{
    internal const string Tag = "Progress";
    internal const string Json = "application/json";
    internal const string Problem = "application/problem+json";
    internal const string Events = "text/event-stream";

    /// <summary>Says what an endpoint is for and, by a method of <see cref="Signatures"/>, what it can be asked.</summary>
    public static IEndpointConventionBuilder Describe(this IEndpointConventionBuilder endpoint, Delegate signature, string summary, string description) =>
        endpoint.WithTags(Tag).WithSummary(summary).WithDescription(description)
            .WithMetadata([signature.Method, .. signature.Method.GetParameters().Select(parameter => new Asked(parameter))]);

    /// <summary>Says one of the things that it answers.</summary>
    public static IEndpointConventionBuilder Answers(this IEndpointConventionBuilder endpoint, int status, string description, params string[] contentTypes) =>
        endpoint.WithMetadata(contentTypes is [var first, .. var others]
            ? new ProducesResponseTypeAttribute(typeof(object), status, first, others) { Description = description }
            : new ProducesResponseTypeAttribute(status) { Description = description });

    /// <summary>Says one of the things that it answers, in JSON as the schema's definition of that name says.</summary>
    public static IEndpointConventionBuilder AnswersJson(this IEndpointConventionBuilder endpoint, int status, string description, string definition, params string[] contentTypes) =>
        endpoint.Answers(status, description, contentTypes is [] ? [Json] : contentTypes).WithMetadata(new JsonBody(status, definition));

    /// <summary>Says one of the problems that it answers with.</summary>
    public static IEndpointConventionBuilder AnswersProblem(this IEndpointConventionBuilder endpoint, int status, string description) =>
        endpoint.AnswersJson(status, description, "problem", Problem);

    private sealed class Asked(ParameterInfo parameter) : IParameterBindingMetadata
    {
        public string Name => parameter.Name!;

        public bool HasTryParse => parameter.ParameterType != typeof(string);

        public bool HasBindAsync => false;

        public bool IsOptional => !parameter.IsDefined(typeof(FromRouteAttribute));

        public ParameterInfo ParameterInfo => parameter;
    }
}
