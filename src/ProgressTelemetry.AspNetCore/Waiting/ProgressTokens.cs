using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace ProgressTelemetry.AspNetCore.Waiting;

/// <summary>Tokens that carry all they mean, protected against reading and changing: nothing about them is kept.</summary>
internal sealed class ProgressTokens(IDataProtectionProvider protection, TimeProvider clock) : IProgressTokens
{
    internal static readonly TimeSpan LongestLifetime = TimeSpan.FromDays(7);

    /// <summary>Longer ones are not looked at: no token that was made here is.</summary>
    internal const int LongestToken = 8192;

    private const byte Format = 1;
    private const ProgressDetails AllDetails = (ProgressDetails)127;

    private readonly ITimeLimitedDataProtector _protector = protection.CreateProtector("ProgressTelemetry.AspNetCore.Waiting").ToTimeLimitedDataProtector();

    public string ForRun(string runId, TimeSpan lifetime, ProgressDetails details = ProgressDetails.Default)
    {
        ArgumentException.ThrowIfNullOrEmpty(runId);
        return Write(new ProgressScope(ScopeKind.Run, runId, details), lifetime);
    }

    public string ForWorkflow(string workflow, TimeSpan lifetime, ProgressDetails details = ProgressDetails.Default)
    {
        ArgumentException.ThrowIfNullOrEmpty(workflow);
        return Write(new ProgressScope(ScopeKind.Workflow, workflow, details), lifetime);
    }

    /// <exception cref="ArgumentOutOfRangeException">The lifetime or the details are out of their range.</exception>
    public string Write(ProgressScope scope, TimeSpan lifetime)
    {
        Check(lifetime, scope.Details);
        using var payload = new MemoryStream();
        using (var writer = new BinaryWriter(payload))
        {
            writer.Write(Format);
            writer.Write((byte)scope.Kind);
            writer.Write((int)scope.Details);
            writer.Write(scope.Name);
            writer.Write(scope.ResultLocation ?? "");
        }

        return Base64Url.EncodeToString(_protector.Protect(payload.ToArray(), clock.GetUtcNow() + lifetime));
    }

    /// <exception cref="ArgumentOutOfRangeException">The lifetime or the details are out of their range.</exception>
    internal static void Check(TimeSpan lifetime, ProgressDetails details)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(lifetime, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lifetime, LongestLifetime);
        if ((details & ~AllDetails) != ProgressDetails.None)
        {
            throw new ArgumentOutOfRangeException(nameof(details), details, "Not a combination of ProgressDetails.");
        }
    }

    /// <summary>Reads a token. Whatever is wrong with it, all that comes of it is false; no run is looked up for it.</summary>
    public bool TryRead(string? token, [NotNullWhen(true)] out ProgressScope? scope, out DateTimeOffset expires)
    {
        scope = null;
        expires = default;
        if (string.IsNullOrEmpty(token) || token.Length > LongestToken)
        {
            return false;
        }

        try
        {
            var payload = _protector.Unprotect(Base64Url.DecodeFromChars(token), out expires);
            if (expires > clock.GetUtcNow())
            {
                scope = Parse(payload);
            }
        }
        catch (Exception error) when (error is FormatException or CryptographicException or IOException)
        {
            // Forged, cut off, expired, made with keys that are gone, or of another version that wrote less: the same to whoever asks.
        }

        return scope is not null;
    }

    // What comes here was written here, perhaps by another version of the library.
    private static ProgressScope? Parse(byte[] payload)
    {
        using var reader = new BinaryReader(new MemoryStream(payload));
        if (reader.ReadByte() != Format)
        {
            return null;
        }

        var kind = (ScopeKind)reader.ReadByte();
        var details = (ProgressDetails)reader.ReadInt32();
        var name = reader.ReadString();
        var location = reader.ReadString();
        return new ProgressScope(kind, name, details) { ResultLocation = location.Length == 0 ? null : location };
    }
}
