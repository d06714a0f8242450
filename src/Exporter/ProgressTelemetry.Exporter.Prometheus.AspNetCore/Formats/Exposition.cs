using ProgressTelemetry.Exporter.Prometheus.Collection;
using ProgressTelemetry.Exporter.Prometheus.Families;

namespace ProgressTelemetry.Exporter.Prometheus.Formats;

/// <summary>One response in the making: writes a snapshot down one bufferful at a time, so that it is never in memory as a whole.</summary>
internal sealed class Exposition(ExpositionFormat format, ExpositionPlan plan, MetricSnapshot snapshot, List<Label> targetInfo, ScrapeLog log)
{
    private int _family = -1;
    private int _member;
    private int _point;
    private HashSet<int>? _leftOut;
    private bool _started;

    /// <summary>Fills the buffer. False when the response is complete.</summary>
    public bool Fill(ScrapeBuffer buffer)
    {
        if (!_started)
        {
            _started = true;
            if (targetInfo.Count > 0)
            {
                format.WriteTargetInfo(buffer, targetInfo);
            }
        }

        while (_family < 0 || !FillFamily(plan.Families[_family], buffer))
        {
            if (++_family >= plan.Families.Count)
            {
                format.End(buffer);
                return false;
            }

            Begin(plan.Families[_family], buffer);
        }

        return true;
    }

    private void Begin(MetricFamily family, ScrapeBuffer buffer)
    {
        _member = 0;
        _point = 0;
        _leftOut = DuplicateSeries.Find(family, snapshot);
        if (_leftOut is not null)
        {
            log.DuplicateSeries(family.Name.Sample, _leftOut.Count);
        }

        format.BeginFamily(buffer, family, snapshot, _leftOut);
    }

    /// <summary>Writes the family's next points. True when the buffer was full before the family was through.</summary>
    private bool FillFamily(MetricFamily family, ScrapeBuffer buffer)
    {
        while (_member < family.Members.Count)
        {
            var member = family.Members[_member];
            var entry = snapshot.Metrics[member.Index];
            while (_point < entry.PointCount)
            {
                if (buffer.IsFull)
                {
                    return true;
                }

                var point = entry.FirstPoint + _point++;
                if (_leftOut is null || !_leftOut.Contains(point))
                {
                    format.WritePoint(buffer, family, member, snapshot, point);
                }
            }

            _member++;
            _point = 0;
        }

        return false;
    }
}
