using System.Text;

namespace ProgressTelemetry.Replay.Formats;

/// <summary>
/// Reads comma-separated records as RFC 4180 describes them: fields may be quoted, a quoted field may hold commas, line breaks and doubled quotes. Blank lines are no records.
/// </summary>
internal sealed class CsvReader(TextReader reader, string file)
{
    private readonly StringBuilder _field = new();
    private long _nextLine = 1;

    /// <summary>The line, from 1, on which the last record began.</summary>
    public long Line { get; private set; }

    /// <summary>Reads the next record.</summary>
    /// <returns>Its fields, or null at the end of the file.</returns>
    /// <exception cref="TraceFormatException">A quote is missing or out of place.</exception>
    public List<string>? Read()
    {
        while (reader.Peek() is var next and >= 0)
        {
            Line = _nextLine;
            if (next is '\n' or '\r')
            {
                EndLine();
                continue;
            }

            return ReadRecord();
        }

        return null;
    }

    private List<string> ReadRecord()
    {
        var fields = new List<string>(5);
        while (true)
        {
            _field.Clear();
            if (reader.Peek() == '"')
            {
                ReadQuoted();
            }
            else
            {
                ReadPlain();
            }

            fields.Add(_field.ToString());
            switch (reader.Peek())
            {
                case ',':
                    _ = reader.Read();
                    break;
                case -1:
                    return fields;
                default:
                    EndLine();
                    return fields;
            }
        }
    }

    private void ReadPlain()
    {
        while (reader.Peek() is var next && next is not (-1 or ',' or '\r' or '\n'))
        {
            if (next == '"')
            {
                throw new TraceFormatException(file, _nextLine, "a quote inside a field that does not begin with one");
            }

            _field.Append((char)reader.Read());
        }
    }

    private void ReadQuoted()
    {
        _ = reader.Read();
        while (true)
        {
            switch (reader.Read())
            {
                case -1:
                    throw new TraceFormatException(file, Line, "a quoted field is not closed");
                case '"' when reader.Peek() == '"':
                    _field.Append((char)reader.Read());
                    break;
                case '"' when reader.Peek() is -1 or ',' or '\r' or '\n':
                    return;
                case '"':
                    throw new TraceFormatException(file, _nextLine, "text after the closing quote of a field");
                case '\n':
                    _nextLine++;
                    _field.Append('\n');
                    break;
                case var character:
                    _field.Append((char)character);
                    break;
            }
        }
    }

    private void EndLine()
    {
        if (reader.Read() == '\r' && reader.Peek() == '\n')
        {
            _ = reader.Read();
        }

        _nextLine++;
    }
}
