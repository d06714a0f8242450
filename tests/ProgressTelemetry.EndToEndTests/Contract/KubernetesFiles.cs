using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Serialization;

namespace ProgressTelemetry.EndToEndTests.Contract;

/// <summary>What <c>prometheus/kubernetes</c> has to hold, made from the shipped rules and routes.</summary>
internal static partial class KubernetesFiles
{
    private const string Folder = "prometheus/kubernetes/";
    private const string Source = "prometheus/alertmanager.yml";

    private static readonly ISerializer Serializer = new SerializerBuilder().WithIndentedSequences().Build();

    /// <summary>The files that are made, by path.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Of(StackFiles files) =>
        files.Rules.Select(f => KeyValuePair.Create($"{Folder}{Name(f.Key)}.yaml", PrometheusRule(f.Key, f.Value)))
            .Append(KeyValuePair.Create($"{Folder}alertmanagerconfig.example.yaml", AlertmanagerConfig(files[Source])));

    /// <summary>The rule file as it is, comments and all, one level deeper.</summary>
    private static string PrometheusRule(string path, string rules)
    {
        var lines = rules.TrimEnd('\n').Split('\n').Select(line => line.Length == 0 ? "" : "  " + line);
        return $"# Made from {path}: change that, then run the tests with UPDATE_GOLDEN=1.\n" +
            $"apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nmetadata:\n  name: {Name(path)}\nspec:\n{string.Join('\n', lines)}\n";
    }

    private static string AlertmanagerConfig(string configuration)
    {
        var root = Yaml.Parse(configuration);
        return $"""
            # Made from {Source}: change that, then run the tests with UPDATE_GOLDEN=1. An example: the receivers are to be yours.
            # By default the operator lets an AlertmanagerConfig see only alerts with its own namespace as their label "namespace", which alerts about runs
            # do not have: set alertmanagerConfigMatcherStrategy.type of the Alertmanager to None.

            """ + Serializer.Serialize(new Dictionary<string, object>
        {
            ["apiVersion"] = "monitoring.coreos.com/v1alpha1",
            ["kind"] = "AlertmanagerConfig",
            ["metadata"] = new Dictionary<string, object> { ["name"] = "progress-telemetry" },
            ["spec"] = new Dictionary<string, object>
            {
                ["route"] = Route(root["route"]!),
                ["inhibitRules"] = root["inhibit_rules"].Items().Select(InhibitRule).ToList(),
                ["receivers"] = root["receivers"].Items().Select(Receiver).ToList(),
            },
        });
    }

    private static Dictionary<string, object> Route(JsonNode route) => route.Members().ToDictionary(
        m => Camel(m.Key),
        m => m.Key switch
        {
            "matchers" => Matchers(m.Value!),
            "routes" => m.Value.Items().Select(Route).ToList(),
            "group_by" => Texts(m.Value!),
            _ => (object)m.Value.Text(),
        },
        StringComparer.Ordinal);

    private static Dictionary<string, object> InhibitRule(JsonNode rule) => new()
    {
        ["sourceMatch"] = Matchers(rule["source_matchers"]!),
        ["targetMatch"] = Matchers(rule["target_matchers"]!),
        ["equal"] = Texts(rule["equal"]!),
    };

    private static Dictionary<string, object> Receiver(JsonNode receiver) => new()
    {
        ["name"] = receiver["name"].Text(),
        ["webhookConfigs"] = receiver["webhook_configs"].Items().Select(hook => new Dictionary<string, object>
        {
            ["url"] = "https://alerts.example.com" + new Uri(hook["url"].Text()).AbsolutePath,
            ["sendResolved"] = bool.Parse(hook["send_resolved"].Text()),
        }).ToList(),
    };

    private static List<Dictionary<string, string>> Matchers(JsonNode matchers) => [.. Texts(matchers).Select(text =>
    {
        var match = Matcher().Match(text);
        if (!match.Success)
        {
            throw new FormatException($"'{text}' is no matcher");
        }

        var made = new Dictionary<string, string> { ["name"] = match.Groups["name"].Value, ["value"] = match.Groups["value"].Value };
        if (match.Groups["type"].Value is var type and not "=")
        {
            made["matchType"] = type; // "=" is the default, and as a bare YAML value not a string to every parser
        }

        return made;
    })];

    private static List<string> Texts(JsonNode list) => [.. list.Items().Select(i => i.Text())];

    private static string Name(string path) => Path.GetFileNameWithoutExtension(path);

    private static string Camel(string name) => Underscore().Replace(name, m => m.Groups["letter"].Value.ToUpperInvariant());

    [GeneratedRegex("""^(?<name>\w+)\s*(?<type>=~|!~|!=|=)\s*"(?<value>[^"\\]*)"$""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Matcher();

    [GeneratedRegex("_(?<letter>[a-z])", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Underscore();
}
