using System.CommandLine;
using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace ProgressTelemetry.Demo.Commands;

/// <summary>Options that several commands have, each checked while the command line is read.</summary>
internal static class CommonOptions
{
    public const string DefaultUrls = "http://127.0.0.1:5080";

    public static Option<string> Urls()
    {
        var option = new Option<string>("--urls")
        {
            Description = "Where to answer; several with ';' between them. Loopback only, unless this says otherwise.",
            HelpName = "URL",
            DefaultValueFactory = _ => DefaultUrls,
        };
        option.Validators.Add(result =>
        {
            foreach (var url in (result.GetValueOrDefault<string>() ?? "").Split(';'))
            {
                if (!IsAddress(url))
                {
                    result.AddError($"--urls: '{url}' is not an address like {DefaultUrls}.");
                }
            }
        });
        return option;
    }

    public static Option<FileInfo?> Report()
    {
        var option = new Option<FileInfo?>("--report")
        {
            Description = "Write the run's report: HTML, Markdown or JSON, by the file's extension (.html, .md, .json).",
            HelpName = "FILE",
        };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<FileInfo?>() is { } file && !ReportFile.Knows(file))
            {
                result.AddError($"--report: '{file.Name}' must end in .html, .md or .json.");
            }
        });
        InExistingFolder(option);
        return option;
    }

    public static Option<string?> Store(string description) => new("--store")
    {
        Description = description + " An SQLite file, or a PostgreSQL connection string.",
        HelpName = "PLACE",
    };

    /// <summary>An option that is a number over 0; <paramref name="whole"/> ones only, if so asked.</summary>
    public static Option<double> Number(string name, string description, double defaultValue, double most, bool whole = false) => new(name)
    {
        Description = description,
        HelpName = "N",
        DefaultValueFactory = _ => defaultValue,
        CustomParser = result =>
        {
            var text = result.Tokens.Single().Value;
            if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || number is not > 0 || number > most || (whole && number % 1 != 0))
            {
                result.AddError($"{name}: '{text}' is not a {(whole ? "whole " : "")}number over 0 and up to {most:0}.");
            }

            return number;
        },
    };

    /// <summary>Refuses a file to write whose folder isn't there, before hours of work end in that discovery.</summary>
    public static void InExistingFolder(Option<FileInfo?> option) => option.Validators.Add(result =>
    {
        if (result.GetValueOrDefault<FileInfo?>() is { Directory.Exists: false } file)
        {
            result.AddError($"{option.Name}: the folder '{file.DirectoryName}' does not exist.");
        }
    });

    private static bool IsAddress(string url)
    {
        try
        {
            return BindingAddress.Parse(url) is { Scheme: "http", Host.Length: > 0, PathBase: "" };
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
