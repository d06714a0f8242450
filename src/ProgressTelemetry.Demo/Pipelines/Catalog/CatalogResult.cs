namespace ProgressTelemetry.Demo.Pipelines.Catalog;

/// <summary>What a catalog run found.</summary>
/// <param name="Files">Files in the catalog.</param>
/// <param name="Bytes">Their sizes' sum.</param>
/// <param name="TextFiles">Of the files, those that are text.</param>
/// <param name="Lines">Lines in the text files.</param>
/// <param name="Duplicates">Files with the same content as an earlier one; empty files are not counted.</param>
/// <param name="Unreadable">Files and folders that could not be read, in order of name.</param>
internal sealed record CatalogResult(int Files, long Bytes, int TextFiles, long Lines, int Duplicates, IReadOnlyList<UnreadableFile> Unreadable);

internal sealed record UnreadableFile(string Name, string Reason);
