using System.Formats.Tar;

namespace ProgressTelemetry.Demo.Pipelines.Catalog;

/// <summary>Tells ordinary files from pipes, sockets and devices, which must not be opened: a pipe that nobody writes to would keep its reader waiting for ever.</summary>
internal static class FileKind
{
    /// <summary>Throws when the path is not an ordinary file.</summary>
    /// <exception cref="IOException">It is a pipe, a socket or a device.</exception>
    public static void EnsureOrdinary(string path)
    {
        var target = new FileInfo(path).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? path;
        if (!OperatingSystem.IsWindows() && new FileInfo(target) is { Exists: true, Length: 0 } && TypeOf(target) is { } special)
        {
            throw new IOException($"it is a {special}, not a file");
        }
    }

    /// <summary>What a path of size 0 is, when it isn't a file: the tar writer is where .NET says so without opening it.</summary>
    private static string? TypeOf(string path)
    {
        using var archive = new MemoryStream();
        try
        {
            using var writer = new TarWriter(archive, TarEntryFormat.Pax, leaveOpen: true);
            writer.WriteEntry(path, "entry");
        }
        catch (IOException) when (File.Exists(path))
        {
            return "socket";
        }

        archive.Position = 0;
        using var reader = new TarReader(archive);
        return reader.GetNextEntry()?.EntryType switch
        {
            TarEntryType.Fifo => "pipe",
            TarEntryType.CharacterDevice or TarEntryType.BlockDevice => "device",
            _ => null,
        };
    }
}
