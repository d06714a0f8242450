using Xunit;

namespace ProgressTelemetry.TestSupport;

/// <summary>
/// A test that needs a program or folder that a developer's machine may lack. There it is skipped, and says why;
/// under CI=true it runs, and so fails, because CI has to have every part.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RealPartFactAttribute : FactAttribute
{
    public RealPartFactAttribute(params string[] parts)
    {
        if (!RealParts.IsCi && RealParts.FirstMissing(parts) is { } missing)
        {
            Skip = $"'{missing}' is not here";
        }
    }
}

/// <summary>As <see cref="RealPartFactAttribute"/>, for theories.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RealPartTheoryAttribute : TheoryAttribute
{
    public RealPartTheoryAttribute(params string[] parts)
    {
        if (!RealParts.IsCi && RealParts.FirstMissing(parts) is { } missing)
        {
            Skip = $"'{missing}' is not here";
        }
    }
}
