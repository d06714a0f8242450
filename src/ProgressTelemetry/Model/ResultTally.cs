using System.Runtime.CompilerServices;

namespace ProgressTelemetry.Model;

/// <summary>A count for each <see cref="WorkflowResult"/>, in the order of the enumeration.</summary>
[InlineArray(Size)]
internal struct ResultTally
{
    public const int Size = (int)WorkflowResult.Abandoned + 1;
    private long _first;

    public readonly long Total
    {
        get
        {
            long total = 0;
            for (var i = 0; i < Size; i++)
            {
                total += this[i];
            }

            return total;
        }
    }
}
