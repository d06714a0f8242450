import { Announcer } from "./announcer.js";
import { reconcile, setAttribute, setText, show } from "./dom.js";
import * as format from "./format.js";
import { RunCard } from "./run-card.js";
import { Stream } from "./stream.js";

// Where the endpoints are, wherever the page was mapped and whatever proxy stands before it.
const root = new URL("../", import.meta.url);
const byId = (id) => document.getElementById(id);
const announcer = new Announcer(byId("announcements"));
const cards = { active: new Map(), ended: new Map() };
// The first runs on the page start with their stages shown, the others folded.
const OpenRuns = 2;

let frame = null;
let arrived = 0;
let live = false;

function render(next) {
  frame = next;
  arrived = performance.now();
  list("active", frame.active, frame.activeTotal, "running");
  list("ended", frame.recentlyEnded, frame.recentlyEndedTotal, "ended");
  show(byId("empty"), frame.activeTotal === 0);
  summarize();
  announcer.hear(frame);
}

function list(name, runs, total, word) {
  show(byId(name), runs.length > 0);
  setText(byId(`${name}-total`), total > 1 ? format.count(total) : "");
  // A run that goes from one list to the other is made anew there: an ended run starts folded.
  reconcile(byId(`${name}-cards`), cards[name], runs, (r) => r.runId, (r) => new RunCard(r, root, name === "active" && runs.indexOf(r) < OpenRuns), (card, r) => card.update(r, 0));
  show(byId(`${name}-more`), total > runs.length);
  setText(byId(`${name}-more`), `${format.plural(total - runs.length, "more run")} ${total - runs.length === 1 ? "is" : "are"} ${word} and not shown here.`);
}

function summarize() {
  const words = [];
  for (const state of ["running", "waiting", "stalled"]) {
    const n = frame.states[state] ?? 0;
    if (n > 0) {
      words.push(`${format.count(n)} ${state}`);
    }
  }
  setText(byId("counts"), words.join(" · "));
  const only = frame.activeTotal === 1 ? frame.active[0] : null;
  const done = only && only.completionRatio !== undefined ? `${format.percent(only.completionRatio)} ` : "";
  const title = only ? `${done}${only.workflow} · Progress` : frame.activeTotal > 0 ? `${words.join(", ")} · Progress` : "Progress";
  if (document.title !== title) {
    document.title = title;
  }
}

function showConnection(state) {
  live = state === "live";
  setAttribute(byId("connection"), "data-state", state);
  setText(byId("connection-text"), { live: "Live", lost: "Reconnecting", refused: "Signed out" }[state]);
  document.body.classList.toggle("stale", !live);
  const since = frame ? ` This is how it stood at ${new Date(frame.asOf).toLocaleTimeString()}.` : "";
  setText(byId("banner-text"), state === "refused"
    ? `You are not signed in any more.${since}`
    : `The connection to the server is lost; trying to reconnect.${since}`);
  setText(byId("banner-button"), state === "refused" ? "Reload the page" : "Try again now");
  byId("banner-button").onclick = state === "refused" ? () => location.reload() : () => stream.open();
  show(byId("banner"), !live);
}

/** Between frames the clocks go on by themselves; without a connection they stop, since nobody knows. */
function tick() {
  if (!live || !frame) {
    return;
  }
  const since = (performance.now() - arrived) / 1000;
  for (const card of cards.active.values()) {
    card.tick(since);
  }
}

const stream = new Stream(root, render, showConnection);
stream.open();
setInterval(tick, 1_000);
