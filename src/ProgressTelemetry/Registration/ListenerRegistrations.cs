using Microsoft.Extensions.DependencyInjection;

namespace ProgressTelemetry.Registration;

/// <summary>The services' own list, so that listeners can be made one by one: a container makes all or none of a type.</summary>
internal sealed class ListenerRegistrations(IServiceCollection services)
{
    public IEnumerable<ServiceDescriptor> All => services.Where(service => service.ServiceType == typeof(ProgressListener) && !service.IsKeyedService);
}
