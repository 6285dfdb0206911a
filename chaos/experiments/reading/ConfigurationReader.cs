namespace Pressure.Chaos;

/// <summary>Reads <c>configuration</c> and <c>secrets</c>, and fetches what they name in the environment.</summary>
internal sealed class ConfigurationReader(Func<string, string?> environment, ExperimentProblems problems)
{
    private const string Types = "str, int, float, bytes";

    public ExperimentValues Read(ExperimentNode? configuration, ExperimentNode? secrets) =>
        new(ReadConfiguration(configuration), ReadSecrets(secrets), problems);

    private Dictionary<string, ExperimentNode> ReadConfiguration(ExperimentNode? node)
    {
        var values = new Dictionary<string, ExperimentNode>();
        if (node is null || ExperimentFields.Open(node, "configuration", "Write names with their values.", problems) is not { } fields)
            return values;
        foreach (var (key, value) in fields.Entries)
        {
            var path = fields.PathTo(key.Text);
            values[key.Text] = value is ExperimentNode.Map map && map["type"] is ExperimentNode.Scalar { Value: string type }
                ? ReadTyped(map, type, path)
                : value;
        }
        return values;
    }

    private ExperimentNode ReadTyped(ExperimentNode.Map map, string type, string path)
    {
        if (type == "env")
            return FromEnvironment(map, path) ?? map;
        if (type is "probe" or "vault")
            problems.Add(map["type"]!, $"{path}.type", $"configuration of type '{type}' is not fetched", "Write the value, or { type: env, key: NAME } and give it in the environment.");
        return map;
    }

    private ExperimentNode? FromEnvironment(ExperimentNode.Map map, string path)
    {
        var fields = ExperimentFields.Open(map, path, "", problems)!;
        fields.NoteUnknown("type", "key", "default", "env_var_type");
        var type = fields.Text("env_var_type") ?? "";
        if (type is not ("" or "str" or "int" or "float" or "bytes"))
            fields.Report("env_var_type", $"unknown type '{ExperimentProblems.Shown(type)}'", Suggestion.Remedy(type, Types.Split(", ")));
        if (fields.Text("key", "Name the environment variable: key: NAME.") is not { } key)
            return null;
        var text = environment(key);
        var given = text is null ? fields["default"] : new ExperimentNode.Scalar(map.Line, map.Column, text);
        if (given is null)
            fields.Report("key", $"the environment has no variable {ExperimentProblems.Shown(key)}", $"Set {ExperimentProblems.Shown(key)}, or give a default:.");
        return given is ExperimentNode.Scalar scalar ? Converted(scalar, type, path) : given;
    }

    private ExperimentNode.Scalar Converted(ExperimentNode.Scalar value, string type, string path)
    {
        if (type is not ("int" or "float"))
            return type.Length == 0 ? value : value with { Value = value.Text };
        object? number = ScalarTyping.Number(value.Text.Trim()) switch
        {
            long whole when type == "int" => whole,
            long whole => (double)whole,
            double fraction when type == "float" => fraction,
            _ => null,
        };
        if (number is null)
            problems.Add(value, path, $"'{ExperimentProblems.Shown(value.Text)}' is no {type}", $"Give a number, or another env_var_type ({Types}).");
        return value with { Value = number ?? value.Value };
    }

    private Dictionary<string, IReadOnlyDictionary<string, string>> ReadSecrets(ExperimentNode? node)
    {
        var groups = new Dictionary<string, IReadOnlyDictionary<string, string>>();
        if (node is null || ExperimentFields.Open(node, "secrets", "Write groups of names: secrets: { shop: { token: { type: env, key: NAME } } }.", problems) is not { } fields)
            return groups;
        foreach (var (key, value) in fields.Entries)
        {
            var group = new Dictionary<string, string>();
            groups[key.Text] = group;
            if (ExperimentFields.Open(value, fields.PathTo(key.Text), "Write names in the group: token: { type: env, key: NAME }.", problems) is not { } names)
                continue;
            foreach (var (name, secret) in names.Entries)
            {
                if (ReadSecret(secret, names.PathTo(name.Text)) is { } text)
                    group[name.Text] = text;
            }
        }
        return groups;
    }

    private string? ReadSecret(ExperimentNode node, string path)
    {
        const string Remedy = "Write { type: env, key: NAME } and give it in the environment.";
        if (node is not ExperimentNode.Map map)
        {
            problems.Add(node, path, "the secret stands in the file itself, where everybody can read it", Remedy);
            return null;
        }
        var fields = ExperimentFields.Open(map, path, "", problems)!;
        fields.NoteUnknown("type", "key");
        if (fields.Text("type", Remedy) is not { } type)
            return null;
        if (type != "env")
        {
            fields.Report("type", $"secrets of type '{ExperimentProblems.Shown(type)}' can't be fetched", Remedy);
            return null;
        }
        if (fields.Text("key", "Name the environment variable: key: NAME.") is not { } key)
            return null;
        if (environment(key) is { } value)
            return value;
        fields.Report("key", $"the environment has no variable {ExperimentProblems.Shown(key)}", $"Set {ExperimentProblems.Shown(key)}; it is never written anywhere.");
        return null;
    }
}
