namespace ProgressTelemetry.AspNetCore.Tests.Page;

/// <summary>Checks that run in the browser over the whole page; each returns what is wrong.</summary>
internal static class PageChecks
{
    /// <summary>Text whose contrast with its ground is under 4.5:1 (WCAG 2.2, success criterion 1.4.3).</summary>
    public const string LowContrast = """
        () => {
          const parse = (c) => { const m = c.match(/[\d.]+/g).map(Number); return { rgb: m.slice(0, 3), alpha: m.length > 3 ? m[3] : 1 }; };
          const channel = (v) => (v /= 255) <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
          const luminance = ([r, g, b]) => .2126 * channel(r) + .7152 * channel(g) + .0722 * channel(b);
          const ground = (e) => {
            for (; e; e = e.parentElement) {
              const { rgb, alpha } = parse(getComputedStyle(e).backgroundColor);
              if (alpha === 1) return rgb;
            }
            return [255, 255, 255];
          };
          const wrong = [];
          const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          while (walker.nextNode()) {
            const e = walker.currentNode.parentElement;
            if (!walker.currentNode.textContent.trim() || !e.checkVisibility() || e.closest(".unseen, noscript")) continue;
            const [one, other] = [luminance(parse(getComputedStyle(e).color).rgb), luminance(ground(e))];
            const ratio = (Math.max(one, other) + .05) / (Math.min(one, other) + .05);
            if (ratio < 4.5) wrong.push(`${ratio.toFixed(2)}: ${walker.currentNode.textContent}`);
          }
          return wrong;
        }
        """;

    /// <summary>Things to operate or to read off without an accessible name, ids that are not unique, and lists or images that say nothing.</summary>
    public const string Nameless = """
        () => {
          const wrong = [];
          const name = (e) => e.getAttribute("aria-label") || (e.matches("input, select") ? e.labels[0]?.firstChild.textContent.trim() : null) || document.getElementById(e.getAttribute("aria-labelledby"))?.textContent || (e.matches("input, select") ? "" : e.textContent.trim());
          for (const e of document.querySelectorAll("a, button, summary, section, article, nav, input, select, [role=progressbar]")) {
            if (e.checkVisibility() && !name(e)) wrong.push(e.outerHTML.slice(0, 100));
          }
          for (const bar of document.querySelectorAll("[role=progressbar]")) {
            const now = bar.getAttribute("aria-valuenow");
            if (!bar.getAttribute("aria-valuetext") || (now !== null && !(now >= 0 && now <= 100))) wrong.push(bar.outerHTML.slice(0, 200));
          }
          for (const svg of document.querySelectorAll("svg")) {
            if (svg.getAttribute("aria-hidden") !== "true") wrong.push(svg.outerHTML.slice(0, 100));
          }
          const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
          wrong.push(...ids.filter((id, i) => ids.indexOf(id) !== i));
          return wrong;
        }
        """;

    /// <summary>Elements that reach out of their card to the right.</summary>
    public const string Clipped = """
        () => [...document.querySelectorAll(".run")].flatMap((card) => {
          const edge = card.getBoundingClientRect().right + .5;
          return [...card.querySelectorAll("*")]
            .filter((e) => e.checkVisibility() && !e.closest(".bar, .lane, .unseen") && e.getBoundingClientRect().right > edge)
            .map((e) => `${e.className}: ${e.textContent.slice(0, 40)}`);
        })
        """;
}
