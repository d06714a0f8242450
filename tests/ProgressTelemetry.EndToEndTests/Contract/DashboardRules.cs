using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ProgressTelemetry.EndToEndTests.Contract;

/// <summary>What every dashboard has to be, whatever it shows.</summary>
internal static partial class DashboardRules
{
    private const string DataSource = "${datasource}";

    /// <summary>Variables that Grafana itself gives a query, a title or a link.</summary>
    private static readonly string[] BuiltIn = ["__range", "__rate_interval", "__interval", "__from", "__to", "__url_time_range", "__field", "__data"];

    public static IEnumerable<string> Problems(Dashboard dashboard) =>
        Document(dashboard).Concat(Variables(dashboard)).Concat(Layout(dashboard)).Concat(dashboard.Panels.SelectMany(Panel))
            .Select(problem => $"{dashboard.Path}: {problem}");

    private static IEnumerable<string> Document(Dashboard dashboard)
    {
        var root = dashboard.Root;
        (bool Holds, string Problem)[] rules =
        [
            (dashboard.Uid.Length > 0, "has no uid"),
            (root["title"].Text().Length > 0, "has no title"),
            (root.AsObject().ContainsKey("id") && root["id"] is null, "id must be null"),
            (root["__inputs"] is null, "__inputs do not work under file provisioning"),
            (root["schemaVersion"].Number() >= 39, "schemaVersion is below 39"),
            (root["editable"] is JsonValue && !root["editable"].IsTrue(), "editable must be false"),
            (root["tags"].Items().Any(), "has no tags"),
            (root["refresh"].Text().Length > 0, "does not refresh"),
            (root["time"]?["from"].Text().StartsWith("now-", StringComparison.Ordinal) == true, "has no time range"),
            (root["graphTooltip"].Number() is 1 or 2, "its crosshair is not shared"),
            (root["links"].Items().Any(l => l["type"].Text() == "dashboards" && l["keepTime"].IsTrue() && l["includeVars"].IsTrue()), "has no links that keep time and variables"),
        ];
        return rules.Where(r => !r.Holds).Select(r => r.Problem);
    }

    private static IEnumerable<string> Variables(Dashboard dashboard)
    {
        var names = dashboard.Variables.Select(v => v["name"].Text()).ToHashSet(StringComparer.Ordinal);
        var sources = dashboard.Variables.Where(v => v["type"].Text() == "datasource").ToList();
        if (sources is not [var source] || source["name"].Text() != "datasource" || source["label"].Text() != "Data source" || source["query"].Text() != "prometheus")
        {
            yield return "needs one variable 'datasource', labelled 'Data source', for prometheus";
        }

        foreach (var variable in dashboard.Variables.Where(v => v["type"].Text() == "query"))
        {
            var name = $"variable '{variable["name"].Text()}'";
            if (variable["refresh"].Number() != 2)
            {
                yield return $"{name} does not refresh with the time range";
            }

            if (variable["includeAll"].IsTrue() && variable["allValue"].Text().Length == 0)
            {
                yield return $"{name} has no allValue";
            }

            if (variable["datasource"]?["uid"].Text() != DataSource)
            {
                yield return $"{name} does not use the data source variable";
            }
        }

        // Where a variable may be used, its own definition left out: panels, annotations, links, other variables' queries.
        var texts = new[] { dashboard.Root["panels"], dashboard.Root["annotations"], dashboard.Root["links"] }.SelectMany(n => n.Strings())
            .Concat(dashboard.Variables.SelectMany(v => v["query"].Strings().Append(v["datasource"]?["uid"].Text() ?? "")));
        var used = texts.SelectMany(t => Dashboard.Variable().Matches(t)).Select(m => VariableName().Match(m.Value).Value).ToHashSet(StringComparer.Ordinal);
        foreach (var name in names.Where(n => !used.Contains(n)))
        {
            yield return $"variable '{name}' is not used";
        }

        var undefined = dashboard.Queries().SelectMany(q => Dashboard.Variable().Matches(q.Query)).Select(m => VariableName().Match(m.Value).Value)
            .Where(v => !names.Contains(v) && !BuiltIn.Contains(v, StringComparer.Ordinal)).Distinct(StringComparer.Ordinal);
        foreach (var name in undefined)
        {
            yield return $"variable '{name}' is not defined";
        }
    }

    private static IEnumerable<string> Layout(Dashboard dashboard)
    {
        foreach (var id in dashboard.Panels.GroupBy(p => p["id"].Text()).Where(g => g.Count() > 1))
        {
            yield return $"panel id {id.Key} is used twice";
        }

        var placed = dashboard.Panels.Select(p => (Name: Dashboard.Name(p), Grid: Rectangle.Of(p["gridPos"]))).ToList();
        for (var i = 0; i < placed.Count; i++)
        {
            if (!placed[i].Grid.IsOnGrid)
            {
                yield return $"{placed[i].Name} leaves the grid";
            }

            foreach (var other in placed.Skip(i + 1).Where(o => o.Grid.Overlaps(placed[i].Grid)))
            {
                yield return $"{placed[i].Name} overlaps {other.Name}";
            }
        }
    }

    private static IEnumerable<string> Panel(JsonNode panel)
    {
        var name = Dashboard.Name(panel);
        var type = panel["type"].Text();
        var targets = panel["targets"].Items().ToList();
        var defaults = panel["fieldConfig"]?["defaults"];
        var overrides = panel["fieldConfig"]?["overrides"].Items().SelectMany(o => o["properties"].Items()).ToList() ?? [];
        (bool Holds, string Problem)[] rules =
        [
            (panel["title"].Text().Length > 0, "has no title"),
            (panel["description"].Text().Length > 0, "has no description"),
            (targets.Count > 0 && targets.TrueForAll(t => t["expr"].Text().Length > 0), "has a target without a query, or none"),
            (targets.Select(t => t["refId"].Text()).Distinct(StringComparer.Ordinal).Count() == targets.Count, "uses a refId twice"),
            (panel["datasource"]?["uid"].Text() == DataSource && targets.TrueForAll(t => t["datasource"]?["uid"].Text() == DataSource), "does not use the data source variable"),
            (defaults?["unit"] is not null || defaults?["mappings"].Items().Any() == true || overrides.Exists(p => p["id"].Text() is "unit" or "mappings"), "has no unit and no mappings"),
            (type != "table" || targets.TrueForAll(t => t["instant"].IsTrue() && t["format"].Text() == "table"), "is a table with a query that is not instant and in table format"),
            (type != "timeseries" || targets.TrueForAll(t => t["legendFormat"].Text().Length > 0), "has a series without a legend"),
            (targets.TrueForAll(t => !BareCounter().IsMatch(t["expr"].Text())), "shows a counter without rate or increase"),
            (targets.TrueForAll(t => !LifetimeTotal().IsMatch(t["expr"].Text())), "shows a lifetime's total in a window"),
            (targets.TrueForAll(t => RateWindows().Matches(t["expr"].Text()).All(m => m.Groups["window"].Value is "$window" or "$__rate_interval")), "has a rate over something other than the window"),
        ];
        return rules.Where(r => !r.Holds).Select(r => $"{name} {r.Problem}").Concat(type == "table" ? Columns(panel).Select(p => $"{name} {p}") : []);
    }

    /// <summary>A column that an override or the sorting names, but that the renaming does not make, is a setting without effect.</summary>
    private static IEnumerable<string> Columns(JsonNode panel)
    {
        var organize = panel["transformations"].Items().FirstOrDefault(t => t["id"].Text() == "organize")?["options"];
        var columns = organize?["renameByName"].Members().Select(m => m.Value.Text()).ToHashSet(StringComparer.Ordinal) ?? [];
        var named = panel["fieldConfig"]!["overrides"].Items().Select(o => o["matcher"]!["options"].Text())
            .Concat(panel["options"]?["sortBy"].Items().Select(s => s["displayName"].Text()) ?? []);
        foreach (var column in named.Where(n => !columns.Contains(n)))
        {
            yield return $"names the column '{column}', which is not there";
        }

        foreach (var target in panel["targets"].Items().Where(t => organize?["renameByName"]?[$"Value #{t["refId"].Text()}"] is null))
        {
            yield return $"has the query {target["refId"].Text()} without a column";
        }
    }

    [GeneratedRegex(@"(?<=^\$\{?)\w+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex VariableName();

    [GeneratedRegex(@"(?<!\b(rate|increase|resets|changes|last_over_time)\s*\(\s*)\b(workflow|progress)\w*_total\b", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex BareCounter();

    /// <summary>"x - x a window ago, or x": a series without a sample a window ago may be an old one that was not scraped then.</summary>
    [GeneratedRegex(@"\boffset \$\w+\) >= 0 or (workflow|progress)_", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LifetimeTotal();

    [GeneratedRegex(@"\bi?rate\s*\([^()\[]*\[(?<window>[^\]]+)\]", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex RateWindows();

    private sealed record Rectangle(int X, int Y, int Width, int Height)
    {
        public bool IsOnGrid => X >= 0 && Y >= 0 && Width > 0 && Height > 0 && X + Width <= 24;

        public static Rectangle Of(JsonNode? grid) => new(grid?["x"].Number() ?? -1, grid?["y"].Number() ?? -1, grid?["w"].Number() ?? 0, grid?["h"].Number() ?? 0);

        public bool Overlaps(Rectangle other) => X < other.X + other.Width && other.X < X + Width && Y < other.Y + other.Height && other.Y < Y + Height;
    }
}
