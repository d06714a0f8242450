using Microsoft.Extensions.DependencyInjection;

namespace ProgressTelemetry.Registration;

/// <summary>Makes the listeners that are services. When one of them can't be made, the others are made one by one.</summary>
internal static class ServiceListeners
{
    public static IEnumerable<ProgressListener> Of(IServiceProvider services, ListenerRegistrations registrations, Action<Exception> failed)
    {
        try
        {
            services.GetRequiredService<RunsEnd>();
            return [.. services.GetServices<ProgressListener>()];
        }
        catch (ObjectDisposedException)
        {
            // The container has ended, and its listeners with it.
            return [];
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            failed(e);
            return [.. registrations.All.Select(registration => Make(services, registration, failed)).OfType<ProgressListener>()];
        }
    }

    private static ProgressListener? Make(IServiceProvider services, ServiceDescriptor registration, Action<Exception> failed)
    {
        try
        {
            return (ProgressListener?)(registration.ImplementationInstance
                ?? registration.ImplementationFactory?.Invoke(services)
                ?? ActivatorUtilities.CreateInstance(services, registration.ImplementationType!));
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            failed(e);
            return null;
        }
    }
}
