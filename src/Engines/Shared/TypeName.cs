namespace ProgressTelemetry.Naming;

/// <summary>A type's name, as code has it: without its namespace, with its arguments.</summary>
internal static class TypeName
{
    public static string Of(Type type) => type.IsGenericType
        ? $"{type.Name.Split('`')[0]}<{string.Join(",", type.GetGenericArguments().Select(Of))}>"
        : type.Name;
}
