using System.Net;
using System.Net.Sockets;

namespace ProgressTelemetry.EndToEndTests.Tools;

/// <summary>Ports on loopback that nobody uses.</summary>
internal static class FreePort
{
    /// <summary>Takes several at once, so that they differ.</summary>
    public static int[] Take(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        listeners.ForEach(l => l.Start());
        var ports = listeners.Select(l => ((IPEndPoint)l.LocalEndpoint).Port).ToArray();
        listeners.ForEach(l => l.Dispose());
        return ports;
    }
}
