using System.CommandLine;
using ProgressTelemetry.Tool.Client;

namespace ProgressTelemetry.Tool.Commands;

/// <summary>What the commands that ask an application have in common.</summary>
internal sealed class ToolOptions
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    private readonly Option<string[]> _headers = new("--header", "-H")
    {
        Description = "A header to send with each request, such as \"Authorization: Bearer TOKEN\"; may be given several times.",
        HelpName = "NAME: VALUE",
        DefaultValueFactory = _ => [],
    };

    private readonly Argument<Uri> _url = new("URL")
    {
        Description = "Where the application has its progress page; without a path, /progress.",
        CustomParser = result =>
        {
            var text = result.Tokens.Single().Value;
            if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https")
            {
                return url.AbsolutePath == "/" ? new Uri(url, "/progress") : new Uri(url.GetLeftPart(UriPartial.Path));
            }

            result.AddError($"'{text}' is not an address like http://localhost:5080/progress.");
            return null!;
        },
    };

    public ToolOptions() => _headers.Validators.Add(result =>
    {
        foreach (var header in result.GetValueOrDefault<string[]>() ?? [])
        {
            if (!TryHeader(header, out _, out _))
            {
                result.AddError($"--header: '{header}' is not like \"Name: value\".");
            }
        }
    });

    public void AddTo(Command command)
    {
        command.Arguments.Add(_url);
        command.Options.Add(_headers);
    }

    public ProgressClient Connect(ParseResult arguments)
    {
        // An event stream has no end; the client notices silences itself.
        var http = new HttpClient(new SocketsHttpHandler { ConnectTimeout = ConnectTimeout }) { Timeout = Timeout.InfiniteTimeSpan };
        foreach (var header in arguments.GetRequiredValue(_headers))
        {
            TryHeader(header, out var name, out var value);
            http.DefaultRequestHeaders.TryAddWithoutValidation(name, value);
        }

        return new ProgressClient(http, arguments.GetRequiredValue(_url));
    }

    private static bool TryHeader(string text, out string name, out string value)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        (name, value) = colon > 0 ? (text[..colon].Trim(), text[(colon + 1)..].Trim()) : ("", "");
        using var probe = new HttpRequestMessage();
        return name.Length > 0 && !value.AsSpan().ContainsAny('\r', '\n') && probe.Headers.TryAddWithoutValidation(name, value);
    }
}
