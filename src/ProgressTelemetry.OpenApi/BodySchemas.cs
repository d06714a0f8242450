using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using ProgressTelemetry.AspNetCore.Endpoints;

namespace ProgressTelemetry.OpenApi;

/// <summary>Refers from each JSON answer to its schema, and adds the schemas to a document that has such answers.</summary>
internal sealed class BodySchemas : IOpenApiOperationTransformer, IOpenApiDocumentTransformer
{
    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        foreach (var body in context.Description.ActionDescriptor.EndpointMetadata.OfType<JsonBody>())
        {
            if (operation.Responses?.TryGetValue(body.Status.ToString(System.Globalization.CultureInfo.InvariantCulture), out var response) != true || response?.Content is not { } content)
            {
                continue;
            }

            foreach (var json in content.Where(entry => entry.Key is EndpointDescriptions.Json or EndpointDescriptions.Problem))
            {
                ((OpenApiMediaType)json.Value).Schema = new OpenApiSchemaReference(SchemaComponents.NameOf(body.Definition), context.Document);
            }
        }

        return Task.CompletedTask;
    }

    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.DescriptionGroups.SelectMany(group => group.Items).Any(item => item.ActionDescriptor.EndpointMetadata.OfType<JsonBody>().Any()))
        {
            SchemaComponents.AddTo(document);
        }

        return Task.CompletedTask;
    }
}
