using System.Reflection;
using System.Text;

namespace ProgressTelemetry.TestSupport;

/// <summary>Writes an assembly's public API as C#-like lines, to be approved by a person; <c>UPDATE_GOLDEN=1</c> writes the approved file anew.</summary>
public static class PublicApiText
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
    private static readonly NullabilityInfoContext Nullability = new();

    /// <summary>The text of an assembly.</summary>
    public static string Of(Assembly assembly)
    {
        var text = new StringBuilder();
        foreach (var space in assembly.GetExportedTypes().GroupBy(t => t.Namespace).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            text.Append("namespace ").Append(space.Key).Append('\n');
            foreach (var type in space.OrderBy(t => t.FullName, StringComparer.Ordinal))
            {
                text.Append('\n').Append(Header(type)).Append('\n');
                foreach (var line in Members(type).Distinct().Order(StringComparer.Ordinal))
                {
                    text.Append("    ").Append(line).Append('\n');
                }
            }

            text.Append('\n');
        }

        return text.ToString().TrimEnd('\n') + "\n";
    }

    /// <summary>Null when the approved file says the same; else what differs.</summary>
    public static string? DifferenceFrom(string approvedFile, Assembly assembly)
    {
        var actual = Of(assembly);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(approvedFile, actual);
            return null;
        }

        var approved = File.Exists(approvedFile) ? File.ReadAllText(approvedFile).ReplaceLineEndings("\n") : "";
        if (approved == actual)
        {
            return null;
        }

        var (before, now) = (approved.Split('\n'), actual.Split('\n'));
        return string.Join('\n', before.Except(now).Select(l => "- " + l).Concat(now.Except(before).Select(l => "+ " + l)).Prepend(
            $"The public API is not what {Path.GetFileName(approvedFile)} approves. When the change is meant, run the test with UPDATE_GOLDEN=1 and commit the file."));
    }

    private static string Header(Type type)
    {
        var kind = type.IsEnum ? "enum" : type.IsInterface ? "interface" : type.IsValueType ? "struct" : typeof(Delegate).IsAssignableFrom(type) ? "delegate" : "class";
        var modifier = type is { IsAbstract: true, IsSealed: true } ? "static " : type.IsInterface || type.IsValueType ? "" : type.IsAbstract ? "abstract " : type.IsSealed ? "sealed " : "";
        var bases = new List<string>();
        if (type.BaseType is { } b && b != typeof(object) && b != typeof(ValueType) && b != typeof(Enum))
        {
            bases.Add(Name(b));
        }

        bases.AddRange(type.IsEnum ? [] : type.GetInterfaces().Where(i => i.IsPublic).Select(Name).Order(StringComparer.Ordinal));
        return $"public {modifier}{kind} {Name(type)}{(bases.Count > 0 ? " : " + string.Join(", ", bases) : "")}";
    }

    private static IEnumerable<string> Members(Type type)
    {
        if (type.IsEnum)
        {
            return Enum.GetNames(type).Select(name => $"{name} = {Convert.ToInt64(Enum.Parse(type, name))}");
        }

        return type.GetFields(Declared).Where(f => f.IsPublic || f.IsFamily).Select(f => $"{Access(f.IsPublic)}{(f.IsLiteral ? "const " : f.IsStatic ? "static " : "")}{Typed(f.FieldType, Nullability.Create(f))} {f.Name}")
            .Concat(type.GetConstructors(Declared).Where(IsVisible).Select(c => $"{Access(c.IsPublic)}{Plain(type)}({Parameters(c)})"))
            .Concat(type.GetProperties(Declared).Where(p => p.GetAccessors(nonPublic: true).Any(IsVisible)).Select(Property))
            .Concat(type.GetMethods(Declared).Where(m => IsVisible(m) && !IsGenerated(m)).Select(Method));
    }

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    // Accessors are told with their property; the rest is what the compiler makes for every record.
    private static bool IsGenerated(MethodInfo method) =>
        (method.IsSpecialName && !method.Name.StartsWith("op_", StringComparison.Ordinal))
        || method.Name is "op_Equality" or "op_Inequality" or "PrintMembers" or "<Clone>$" or "GetHashCode" or "Equals" or "ToString" or "Deconstruct";

    private static string Property(PropertyInfo property)
    {
        var accessor = property.GetAccessors(nonPublic: true).First(IsVisible);
        var setter = property.SetMethod is { } set && IsVisible(set)
            ? set.ReturnParameter.GetRequiredCustomModifiers().Any(m => m.Name == "IsExternalInit") ? " init;" : " set;"
            : "";
        var required = property.CustomAttributes.Any(a => a.AttributeType.Name == "RequiredMemberAttribute") ? "required " : "";
        var getter = property.GetMethod is { } get && IsVisible(get) ? " get;" : "";
        return $"{Access(accessor.IsPublic)}{Modifier(accessor)}{required}{Typed(property.PropertyType, Nullability.Create(property))} {property.Name} {{{getter}{setter} }}";
    }

    private static string Method(MethodInfo method)
    {
        var generics = method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(a => a.Name))}>" : "";
        var where = string.Concat(method.GetGenericArguments().SelectMany(a => a.GetGenericParameterConstraints().Select(c => $" where {a.Name} : {Name(c)}")));
        var extends = method.CustomAttributes.Any(a => a.AttributeType.Name == "ExtensionAttribute") ? "this " : "";
        return $"{Access(method.IsPublic)}{Modifier(method)}{Typed(method.ReturnType, Nullability.Create(method.ReturnParameter))} {method.Name}{generics}({extends}{Parameters(method)}){where}";
    }

    private static string Modifier(MethodInfo method) => method.IsStatic ? "static "
        : method.DeclaringType!.IsInterface ? ""
        : method.IsAbstract ? "abstract "
        : method is { IsVirtual: true, IsFinal: false } ? method.GetBaseDefinition() == method ? "virtual " : "override "
        : "";

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(p =>
        $"{Typed(p.ParameterType, Nullability.Create(p))} {p.Name}{(p.HasDefaultValue ? " = " + (p.DefaultValue switch { null => "default", string s => $"\"{s}\"", Enum e => $"{e.GetType().Name}.{e}", var v => v.ToString() }) : "")}"));

    private static string Access(bool isPublic) => isPublic ? "public " : "protected ";

    private static string Typed(Type type, NullabilityInfo nullability)
    {
        var name = type.IsGenericType && Nullable.GetUnderlyingType(type) is null
            ? Generic(type, nullability.GenericTypeArguments.Select((info, i) => Typed(type.GetGenericArguments()[i], info)))
            : Name(type);
        return nullability.ReadState == NullabilityState.Nullable && !type.IsValueType ? name + "?" : name;
    }

    private static string Name(Type type) => Nullable.GetUnderlyingType(type) is { } underlying ? Name(underlying) + "?"
        : type.IsArray ? Name(type.GetElementType()!) + "[]"
        : type.IsByRef ? "ref " + Name(type.GetElementType()!)
        : type.IsGenericType ? Generic(type, type.GetGenericArguments().Select(Name))
        : Type.GetTypeCode(type) switch
        {
            TypeCode.Boolean => "bool",
            TypeCode.Int32 when !type.IsEnum => "int",
            TypeCode.Int64 => "long",
            TypeCode.Double => "double",
            TypeCode.String => "string",
            _ => type == typeof(void) ? "void" : type == typeof(object) ? "object" : Plain(type),
        };

    private static string Generic(Type type, IEnumerable<string> arguments) => $"{Plain(type)}<{string.Join(", ", arguments)}>";

    private static string Plain(Type type)
    {
        var name = type.Name.Split('`')[0];
        return type is { IsNested: true, IsGenericParameter: false } ? $"{Plain(type.DeclaringType!)}.{name}" : name;
    }
}
