using System.Runtime.CompilerServices;

namespace ProgressTelemetry.Model;

/// <summary>A count for each <see cref="WorkflowResult"/>, in the order of the enumeration.</summary>
[InlineArray(Size)]
internal struct ResultTally
{
    public const int Size = (int)WorkflowResult.Abandoned + 1;
    private long _first;

    /// <summary>Tasks whose work was done, well or badly: not those that were skipped or cut off.</summary>
    public readonly long Work
    {
        get
        {
            long work = 0;
            for (var i = 0; i < Size; i++)
            {
                work += ((WorkflowResult)i).IsWork() ? this[i] : 0;
            }

            return work;
        }
    }
}
