using Microsoft.AspNetCore.OpenApi;
using ProgressTelemetry.OpenApi;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Progress in OpenAPI documents.</summary>
public static class ProgressOpenApiOptionsExtensions
{
    /// <summary>Says what is in the JSON that the endpoints of <c>MapProgress()</c> answer, and those that answer with <c>AcceptedRun</c>: <c>services.AddOpenApi(options => options.AddProgressSchemas())</c>.</summary>
    /// <param name="options">The document's options.</param>
    /// <returns>The options.</returns>
    public static OpenApiOptions AddProgressSchemas(this OpenApiOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.AddOperationTransformer<BodySchemas>().AddDocumentTransformer<BodySchemas>();
    }
}
