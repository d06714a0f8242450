using System.Buffers;
using System.Security.Cryptography;

namespace ProgressTelemetry.Demo.Pipelines.Catalog;

/// <summary>What the stages do to one file. All of it streams: a file's size costs no memory.</summary>
internal static class FileWork
{
    private const int BufferSize = 64 * 1024;

    /// <summary>How much of a file decides whether it is text.</summary>
    private const int HeadSize = 4096;

    /// <summary>Opens the file and reads its head: the size, and whether it is text (no zero byte, as git decides).</summary>
    public static async Task ReadAsync(CatalogFile file, CancellationToken cancellationToken)
    {
        FileKind.EnsureOrdinary(file.Path);
        await using var stream = Open(file);
        var head = new byte[HeadSize];
        var length = await stream.ReadAtLeastAsync(head, HeadSize, throwOnEndOfStream: false, cancellationToken);
        file.Size = stream.Length;
        file.IsText = !head.AsSpan(0, length).Contains((byte)0);
    }

    public static async Task HashAsync(CatalogFile file, CancellationToken cancellationToken)
    {
        await using var stream = Open(file);
        file.Hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellationToken));
    }

    /// <summary>Counts lines (a last one without a line break too) and words (separated by white space, as wc does).</summary>
    public static async Task AnalyseAsync(CatalogFile file, CancellationToken cancellationToken)
    {
        await using var stream = Open(file);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            bool inWord = false, inLine = false;
            while (await stream.ReadAsync(buffer, cancellationToken) is var length and > 0)
            {
                foreach (var character in buffer.AsSpan(0, length))
                {
                    var space = character is (byte)' ' or (>= (byte)'\t' and <= (byte)'\r');
                    file.Words += !space && !inWord ? 1 : 0;
                    inWord = !space;
                    inLine = character != '\n';
                    file.Lines += inLine ? 0 : 1;
                }
            }

            file.Lines += inLine ? 1 : 0;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static FileStream Open(CatalogFile file) => new(
        file.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, BufferSize, FileOptions.Asynchronous | FileOptions.SequentialScan);
}
