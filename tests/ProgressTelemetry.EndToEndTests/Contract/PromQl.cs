using System.Text.RegularExpressions;

namespace ProgressTelemetry.EndToEndTests.Contract;

/// <summary>One selector of a query: its metric, if it names one, and the labels it matches on.</summary>
internal sealed record Selector(string? Metric, IReadOnlyList<string> Labels);

/// <summary>
/// The names in a PromQL expression. It reads tokens, not the grammar: enough to find every metric and label without
/// Prometheus at hand, and to refuse what is plainly broken. Where promtool is, it type-checks the same expressions.
/// </summary>
internal sealed partial class PromQl
{
    private static readonly HashSet<string> Aggregations = new(StringComparer.Ordinal)
        { "sum", "min", "max", "avg", "group", "stddev", "stdvar", "count", "count_values", "bottomk", "topk", "quantile" };

    private static readonly HashSet<string> Functions = new(StringComparer.Ordinal)
    {
        "abs", "absent", "absent_over_time", "avg_over_time", "ceil", "changes", "clamp", "clamp_max", "clamp_min", "count_over_time", "delta", "deriv",
        "end", "floor", "histogram_quantile", "increase", "irate", "label_join", "label_replace", "last_over_time", "max_over_time", "min_over_time",
        "rate", "resets", "round", "scalar", "sort", "sort_desc", "start", "sum_over_time", "time", "timestamp", "vector",
    };

    private static readonly HashSet<string> LabelLists = new(StringComparer.Ordinal) { "by", "without", "on", "ignoring", "group_left", "group_right" };

    private static readonly HashSet<string> Words = new(StringComparer.Ordinal) { "and", "or", "unless", "bool", "offset", "inf", "nan", "Inf", "NaN" };

    private readonly List<string> _tokens;
    private readonly List<Selector> _selectors = [];
    private readonly HashSet<string> _grouping = new(StringComparer.Ordinal);
    private readonly HashSet<string> _made = new(StringComparer.Ordinal);

    private PromQl(List<string> tokens) => _tokens = tokens;

    public IReadOnlyList<Selector> Selectors => _selectors;

    /// <summary>Labels named in by, without, on, ignoring and group_left.</summary>
    public IReadOnlySet<string> Grouping => _grouping;

    /// <summary>Labels that label_replace and label_join make.</summary>
    public IReadOnlySet<string> Made => _made;

    /// <exception cref="FormatException">The expression is empty, has an unknown function, or its brackets do not match.</exception>
    public static PromQl Parse(string expression)
    {
        var tokens = Tokens(expression);
        var query = new PromQl(tokens);
        query.Read();
        return query;
    }

    private static List<string> Tokens(string expression)
    {
        var tokens = new List<string>();
        var open = new Stack<char>();
        var at = 0;
        while (at < expression.Length)
        {
            var match = Token().Match(expression, at);
            if (!match.Success || match.Index != at)
            {
                throw new FormatException($"unexpected '{expression[at]}' at {at}");
            }

            at += match.Length;
            var token = match.Value;
            if (string.IsNullOrWhiteSpace(token) || token[0] == '#')
            {
                continue;
            }

            tokens.Add(token);
            if (token is "(" or "[" or "{")
            {
                open.Push(token[0]);
            }
            else if (token is ")" or "]" or "}" && (open.Count == 0 || open.Pop() != (token[0] switch { ')' => '(', ']' => '[', _ => '{' })))
            {
                throw new FormatException($"'{token}' closes nothing");
            }
        }

        return tokens.Count == 0 ? throw new FormatException("empty")
            : open.Count > 0 ? throw new FormatException($"'{open.Peek()}' is not closed")
            : tokens;
    }

    private void Read()
    {
        for (var i = 0; i < _tokens.Count; i++)
        {
            var token = _tokens[i];
            var next = i + 1 < _tokens.Count ? _tokens[i + 1] : "";
            if (token == "[")
            {
                i = _tokens.IndexOf("]", i);
            }
            else if (token == "{")
            {
                i = ReadMatchers(null, i);
            }
            else if (!IsName(token) || Words.Contains(token))
            {
                continue;
            }
            else if (LabelLists.Contains(token))
            {
                i = next == "(" ? ReadLabelList(i + 1) : i;
            }
            else if (Aggregations.Contains(token))
            {
                if (next is not ("(" or "by" or "without"))
                {
                    throw new FormatException($"'{token}' aggregates nothing");
                }
            }
            else if (next == "(")
            {
                ReadCall(token, i + 1);
            }
            else
            {
                i = next == "{" ? ReadMatchers(token, i + 1) : Found(token, [], i);
            }
        }
    }

    private int ReadMatchers(string? metric, int open)
    {
        var close = _tokens.IndexOf("}", open);
        var labels = Enumerable.Range(open + 1, close - open - 1)
            .Where(i => IsName(_tokens[i]) && _tokens[i - 1] is "{" or ",")
            .Select(i => _tokens[i]);
        return Found(metric, [.. labels.Where(IsName)], close);
    }

    private int ReadLabelList(int open)
    {
        var close = _tokens.IndexOf(")", open);
        _grouping.UnionWith(_tokens[(open + 1)..close].Where(IsName));
        return close;
    }

    private void ReadCall(string function, int open)
    {
        if (!Functions.Contains(function))
        {
            throw new FormatException($"there is no function '{function}'");
        }

        if (function is "label_replace" or "label_join")
        {
            // Its second argument, the first string at its own depth, is the label it makes.
            var depth = 0;
            for (var i = open; i < _tokens.Count; i++)
            {
                depth += _tokens[i] switch { "(" or "{" => 1, ")" or "}" => -1, _ => 0 };
                if (depth == 1 && _tokens[i][0] is '"' or '\'')
                {
                    _made.Add(_tokens[i].Trim('"', '\''));
                    return;
                }
            }
        }
    }

    private int Found(string? metric, IReadOnlyList<string> labels, int end)
    {
        _selectors.Add(new Selector(metric, labels));
        return end;
    }

    private static bool IsName(string token) => token[0] is '_' or ':' || char.IsAsciiLetter(token[0]);

    [GeneratedRegex("""\G(?:\s+|\#[^\n]*|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`|\$\{\w+(?::\w+)?\}|\$\w+|[0-9][0-9a-zA-Z.]*|[A-Za-z_:][\w:]*|=~|!~|!=|==|>=|<=|[-+*/%^=<>(){}\[\],:@.])""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Token();
}
