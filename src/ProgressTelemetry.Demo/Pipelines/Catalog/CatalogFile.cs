namespace ProgressTelemetry.Demo.Pipelines.Catalog;

/// <summary>One file on its way through the catalog: each stage fills in what it found.</summary>
internal sealed class CatalogFile(int index, string path, string name)
{
    /// <summary>Its place in the catalog, from 0.</summary>
    public int Index => index;

    public string Path => path;

    /// <summary>The path below the catalog's folder, with forward slashes.</summary>
    public string Name => name;

    /// <summary>In bytes.</summary>
    public long Size { get; set; }

    public bool IsText { get; set; }

    /// <summary>SHA-256, in hexadecimal digits.</summary>
    public string Hash { get; set; } = "";

    public long Lines { get; set; }

    public long Words { get; set; }

    /// <summary>The same with another place.</summary>
    public CatalogFile At(int place) => new(place, Path, Name) { Size = Size, IsText = IsText, Hash = Hash, Lines = Lines, Words = Words, Problem = Problem };

    /// <summary>Why it can't be catalogued; null while it can.</summary>
    public string? Problem { get; set; }
}
