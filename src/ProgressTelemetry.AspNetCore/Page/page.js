import { Announcer } from "./announcer.js";
import { reconcile, setAttribute, setText, show } from "./dom.js";
import { Filter } from "./filter.js";
import * as format from "./format.js";
import { Pager } from "./pager.js";
import { RunCard } from "./run-card.js";
import { Stream } from "./stream.js";

// Where the endpoints are, wherever the page was mapped and whatever proxy stands before it.
const root = new URL("../", import.meta.url);
const byId = (id) => document.getElementById(id);
const announcer = new Announcer(byId("announcements"));
const cards = { active: new Map(), ended: new Map() };
// The first runs on the page start with their stages shown, the others folded.
const OpenRuns = 2;

const filter = new Filter(byId("filter"), ask);
const pagers = [byId("pager-top"), byId("pager-bottom")].map((element) => new Pager(element, goTo));
byId("no-match-clear").addEventListener("click", () => filter.clear());

let frame = null;
let arrived = 0;
let live = false;

function render(next) {
  if (next.runs.length === 0 && next.skip > 0) {
    // Runs have gone meanwhile: this page is behind the last.
    filter.goTo(Math.ceil(next.total / next.take));
    return;
  }
  frame = next;
  arrived = performance.now();
  const active = frame.runs.filter((run) => !run.endedAt);
  list("active", active, frame.active);
  list("ended", frame.runs.slice(active.length), frame.total - frame.active);
  showAround();
  summarize();
  announcer.hear(frame);
}

function list(name, runs, total) {
  show(byId(name), runs.length > 0);
  setText(byId(`${name}-total`), total > 1 ? format.count(total) : "");
  // A run that goes from one list to the other is made anew there: an ended run starts folded.
  reconcile(byId(`${name}-cards`), cards[name], runs, (r) => r.runId, (r) => new RunCard(r, root, name === "active" && runs.indexOf(r) < OpenRuns), (card, r) => card.update(r, 0));
}

/** What is around the runs: the filter where there is something to filter, the pagers, and what to say when there are no runs. */
function showAround() {
  filter.offer(frame.workflows);
  show(byId("filter"), frame.total > 1 || filter.isSet);
  pagers.forEach((pager) => pager.update(frame));
  show(byId("pager-top"), frame.total > 1);
  // Among very many runs, those that are folded say less.
  document.body.classList.toggle("many", frame.total > frame.take);
  show(byId("pager-bottom"), frame.total > frame.take);
  show(byId("empty"), frame.overall.active === 0 && !filter.isSet);
  show(byId("no-match"), frame.total === 0 && filter.isSet);
}

function summarize() {
  const { active, stalled } = frame.overall;
  const words = [];
  if (active > 0) {
    words.push(`${format.count(active)} active`);
  }
  if (stalled > 0) {
    words.push(`${format.count(stalled)} stalled`);
  }
  setText(byId("counts"), words.join(" · "));
  const only = active === 1 && !filter.isSet ? frame.runs[0] : null;
  const done = only && only.completionRatio !== undefined ? `${format.percent(only.completionRatio)} ` : "";
  const title = only ? `${done}${only.workflow} · Progress` : active > 0 ? `${words.join(", ")} · Progress` : "Progress";
  if (document.title !== title) {
    document.title = title;
  }
}

/** Asks the server for what the filter says. */
function ask() {
  announcer.expectOthers();
  stream.open(filter.query);
}

function goTo(page) {
  const fromBelow = byId("pager-bottom").contains(document.activeElement);
  filter.goTo(page);
  if (fromBelow) {
    scrollTo({ top: 0 });
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
  byId("banner-button").onclick = state === "refused" ? () => location.reload() : () => stream.open(filter.query);
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
stream.open(filter.query);
setInterval(tick, 1_000);
