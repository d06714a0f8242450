namespace ProgressTelemetry;

/// <summary>An option that is out of its range: <paramref name="Message"/> goes on after the option's name.</summary>
internal readonly record struct OptionFault(string Property, object Value, string Message);
