using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Hangfire;
using Hangfire.Storage;

namespace ProgressTelemetry.NativeEngines.Tests.Hangfire;

/// <summary>A storage that sends no parameters along with a job, as Hangfire.PostgreSql does, and tells which were read one by one.</summary>
internal sealed class PlainStorage(JobStorage storage) : JobStorage
{
    /// <summary>The parameters that were read, by job.</summary>
    public ConcurrentBag<(string JobId, string Name)> Read { get; } = [];

    public override IMonitoringApi GetMonitoringApi() => storage.GetMonitoringApi();

    public override IStorageConnection GetConnection()
    {
        var connection = DispatchProxy.Create<IStorageConnection, Connection>();
        ((Connection)connection).Of(storage.GetConnection(), Read);
        return connection;
    }

    /// <summary>One of its connections.</summary>
    [SuppressMessage("Performance", "CA1852:Seal internal types", Justification = "A proxy's type is derived from it.")]
    public class Connection : DispatchProxy
    {
        private IStorageConnection _connection = null!;
        private ConcurrentBag<(string JobId, string Name)> _read = null!;

        internal void Of(IStorageConnection connection, ConcurrentBag<(string JobId, string Name)> read) => (_connection, _read) = (connection, read);

        /// <inheritdoc/>
        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            if (targetMethod!.Name == nameof(IStorageConnection.GetJobParameter))
            {
                _read.Add(((string)args![0]!, (string)args[1]!));
            }

            var result = targetMethod.Invoke(_connection, BindingFlags.DoNotWrapExceptions, null, args, null);
            if (result is JobData data)
            {
                data.ParametersSnapshot = null;
            }

            return result;
        }
    }
}
