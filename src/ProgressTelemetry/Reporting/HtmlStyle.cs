namespace ProgressTelemetry.Reporting;

/// <summary>The page's style sheet: light and dark by what the reader prefers, from the narrowest screen up, and for paper.</summary>
internal static class HtmlStyle
{
    public const string Sheet = """
        :root { --page: #f5f6f8; --card: #fff; --ink: #1b2330; --soft: #5b6675; --line: #e3e6eb; --track: #eef0f4; --accent: #3559c7; --accent-soft: #e6ecfb; --good: #1a7f4b; --bad: #c8372d; --warn: #9a6100;
          --k0: #4269d0; --k1: #e39a12; --k2: #2f9e79; --k3: #a259c9; --k4: #d9597f; --k5: #4aa7c9; --k6: #8a6d4f; --k7: #7f9a35; --rest: #9aa3af; }
        @media (prefers-color-scheme: dark) { :root { --page: #0e1218; --card: #161c25; --ink: #e7ebf1; --soft: #9aa6b6; --line: #2a323e; --track: #212936; --accent: #86a4ff; --accent-soft: #1f2a47; --good: #52c48a; --bad: #f0776c; --warn: #e3b04b;
          --k0: #6f90ec; --k1: #efb544; --k2: #52bd99; --k3: #bd85de; --k4: #ec82a1; --k5: #6cc0de; --k6: #b39473; --k7: #a4bf5c; --rest: #6b7685; } }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; }
        main { max-width: 1080px; margin: 0 auto; padding: 32px 20px; }
        .eyebrow { margin: 0; color: var(--accent); font-size: 12px; font-weight: 600; letter-spacing: .08em; text-transform: uppercase; }
        h1 { margin: 2px 0 4px; font-size: 30px; line-height: 1.2; letter-spacing: -.015em; overflow-wrap: anywhere; }
        h2 { margin: 0 0 14px; font-size: 16px; letter-spacing: -.005em; }
        h3 { margin: 18px 0 6px; font-size: 13px; color: var(--soft); }
        .state { display: inline-block; vertical-align: middle; margin-left: 6px; padding: 3px 11px; border-radius: 99px; font-size: 13px; font-weight: 600; letter-spacing: 0; color: var(--accent); background: var(--accent-soft); }
        .state.succeeded { color: var(--good); background: color-mix(in srgb, var(--good) 14%, transparent); }
        .state.failed, .state.stalled { color: var(--bad); background: color-mix(in srgb, var(--bad) 14%, transparent); }
        .state.cancelled, .state.abandoned, .state.waiting { color: var(--warn); background: color-mix(in srgb, var(--warn) 14%, transparent); }
        .run { margin: 0; color: var(--soft); font-size: 13px; overflow-wrap: anywhere; }
        .summary { margin: 14px 0 20px; max-width: 46em; font-size: 17px; overflow-wrap: anywhere; }
        .tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 12px; margin: 0 0 16px; }
        .tiles div, section { background: var(--card); border: 1px solid var(--line); border-radius: 12px; }
        .tiles div { padding: 12px 16px; }
        dt { color: var(--soft); font-size: 12px; }
        dd { margin: 0; font-size: 22px; font-weight: 650; line-height: 1.3; letter-spacing: -.01em; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
        dd.more { color: var(--soft); font-size: 12px; font-weight: 400; letter-spacing: 0; }
        section { padding: 18px 20px; margin: 0 0 16px; min-width: 0; }
        .advice { list-style: none; margin: 0; padding: 0; display: grid; gap: 14px; }
        .advice li { display: grid; grid-template-columns: 68px 1fr; gap: 14px; align-items: start; }
        .advice p { margin: 0; font-weight: 600; overflow-wrap: anywhere; }
        .advice p.evidence, .also { font-weight: 400; color: var(--soft); font-size: 14px; }
        .gain { padding: 5px 0; border-radius: 8px; background: color-mix(in srgb, var(--good) 14%, transparent); color: var(--good); font-weight: 700; text-align: center; font-variant-numeric: tabular-nums; }
        .also { margin: 0; padding-left: 18px; overflow-wrap: anywhere; }
        .none, .note { margin: 0; color: var(--soft); font-size: 13px; }
        .note { margin-top: 12px; }
        .figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 400px), 1fr)); gap: 20px 28px; }
        figure { margin: 0; min-width: 0; }
        figcaption { margin-bottom: 10px; color: var(--soft); font-size: 13px; }
        svg.figure { display: block; overflow: visible; }
        svg text { font: 12px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; fill: var(--soft); font-variant-numeric: tabular-nums; unicode-bidi: isolate; paint-order: stroke; stroke: var(--card); stroke-width: 3px; stroke-linejoin: round; }
        svg text.name { font-size: 13px; font-weight: 600; fill: var(--ink); }
        .mark { fill: var(--accent); color: var(--accent); }
        .grid { stroke: var(--line); stroke-width: 1; shape-rendering: crispEdges; }
        .track { fill: var(--track); }
        .now { stroke: var(--ink); stroke-width: 1.5; stroke-dasharray: 3 4; }
        .c0 { fill: var(--k0); } .c1 { fill: var(--k1); } .c2 { fill: var(--k2); } .c3 { fill: var(--k3); } .c4 { fill: var(--k4); } .c5 { fill: var(--k5); } .c6 { fill: var(--k6); } .c7 { fill: var(--k7); }
        .rest { fill: var(--rest); } rect.bad { fill: var(--bad); } .wait { fill: url(#wait); } .wait-ground { fill: var(--track); } .wait-line { fill: var(--rest); }
        .line { fill: none; stroke: var(--accent); stroke-width: 2.25; stroke-linejoin: round; vector-effect: non-scaling-stroke; }
        .area { fill: var(--accent); opacity: .12; }
        .band { fill: var(--accent); opacity: .16; }
        .elapsed { fill: none; stroke: var(--rest); stroke-width: 1.5; stroke-dasharray: 1 4; stroke-linecap: round; vector-effect: non-scaling-stroke; }
        .truth { stroke: var(--good); stroke-width: 1.5; stroke-dasharray: 6 4; }
        svg text.truth-label { fill: var(--good); font-weight: 600; }
        .milestone { fill: var(--card); stroke: var(--accent); stroke-width: 2; }
        .shares { border-radius: 8px; overflow: hidden; }
        .shares rect { stroke: var(--card); stroke-width: 1.5; }
        .key { list-style: none; margin: 14px 0 0; padding: 0; display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 300px), 1fr)); gap: 6px 32px; font-size: 14px; }
        .key li { display: grid; grid-template-columns: 12px 1fr 52px 92px; gap: 10px; align-items: center; font-variant-numeric: tabular-nums; }
        .key-name { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
        .key-value { text-align: right; font-weight: 600; white-space: nowrap; }
        .key-time { text-align: right; color: var(--soft); }
        .columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 320px), 1fr)); gap: 16px; align-items: start; }
        .columns section { margin: 0; }
        .scroll { overflow-x: auto; }
        table { width: 100%; border-collapse: collapse; font-size: 14px; font-variant-numeric: tabular-nums; }
        th, td { padding: 6px 10px; border-top: 1px solid var(--line); text-align: left; vertical-align: top; font-weight: 400; white-space: nowrap; }
        tbody th { white-space: normal; overflow-wrap: anywhere; min-width: 9em; }
        thead th { border-top: 0; color: var(--soft); font-size: 12px; }
        tr > :first-child { padding-left: 0; } tr > :last-child { padding-right: 0; }
        .n { text-align: right; } .dim { color: var(--soft); }
        summary { cursor: pointer; color: var(--accent); }
        footer { margin-top: 20px; color: var(--soft); font-size: 12px; overflow-wrap: anywhere; }
        @media (max-width: 560px) { main { padding: 20px 12px; } h1 { font-size: 24px; } section { padding: 14px; } .tiles { grid-template-columns: 1fr 1fr; gap: 8px; } .tiles div { padding: 10px 12px; } dd { font-size: 18px; } .advice li { grid-template-columns: 60px 1fr; gap: 10px; } }
        @media print { :root { --page: #fff; } body { font-size: 12px; } main { max-width: none; padding: 0; } section, .tiles div, svg { break-inside: avoid; } * { print-color-adjust: exact; -webkit-print-color-adjust: exact; } .scroll { overflow: visible; } }

        """;
}
