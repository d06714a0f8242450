import { Bar, stateLabel } from "./bar.js";
import { el, reconcile, setAttribute, setIcon, setText, show } from "./dom.js";
import * as format from "./format.js";

/** The stages of one run: each with its bar, its counts, and when in the run it ran. */
export class StageList {
  constructor() {
    this.list = el("ol", "stage-rows");
    const head = el("div", "stage-head", ...["Stage", "Progress", "", "Tasks", "When in the run", "Time"].map((text) => el("span", "", text)));
    head.setAttribute("aria-hidden", "true");
    this.element = el("div", "stages", head, this.list);
    this.rows = new Map();
  }

  update(run) {
    const span = { from: Date.parse(run.startedAt), to: endOfAxis(run), now: Date.parse(run.endedAt ?? run.asOf) };
    reconcile(this.list, this.rows, run.stages, (s) => s.name, (s) => new StageRow(s.name),
      (row, stage) => row.update(stage, span, run));
  }
}

/** The time axis ends where the run did, or where it is expected to. */
function endOfAxis(run) {
  const now = Date.parse(run.endedAt ?? run.asOf);
  return run.estimate ? Math.max(now, Date.parse(run.estimate.expected)) : now;
}

class StageRow {
  constructor(name) {
    this.icon = el("span", "stage-icon");
    this.state = el("span", "unseen");
    this.bar = new Bar("bar-small", `Stage ${name}`);
    this.percent = el("span", "stage-percent");
    this.counts = el("span", "stage-counts");
    this.when = el("span", "lane-fill");
    this.lane = el("span", "lane", this.when);
    this.lane.setAttribute("aria-hidden", "true");
    this.time = el("span", "stage-time");
    this.notes = el("span", "stage-notes");
    const title = el("bdi", "stage-name", name);
    this.element = el("li", "stage",
      el("span", "stage-title", this.icon, title, this.state),
      this.bar.element, this.percent, this.counts, this.lane, this.time, this.notes);
  }

  update(stage, span, run) {
    setAttribute(this.element, "data-state", stage.state);
    setIcon(this.icon, stage.state);
    setText(this.state, stateLabel(stage));
    setAttribute(this.icon, "title", stateLabel(stage));
    this.bar.update(stage);
    const pending = stage.state === "pending";
    setText(this.percent, stage.completionRatio === undefined ? (pending ? "" : "–") : format.percent(stage.completionRatio));
    setText(this.counts, stage.expectedTasks === undefined
      ? (pending ? "not started" : format.plural(stage.completedTasks, "task"))
      : `${format.count(stage.completedTasks)} / ${format.count(stage.expectedTasks)}`);
    setText(this.time, stage.startedAt ? format.clock(seconds(stage, run)) : "");
    this.place(stage, span);
    const notes = stageNotes(stage, run).join(" · ");
    setText(this.notes, notes);
    show(this.notes, notes !== "");
  }

  place(stage, { from, to, now }) {
    const length = to - from;
    if (!stage.startedAt || length <= 0) {
      this.when.style.transform = "scaleX(0)";
      return;
    }
    const within = (t) => Math.min(1, Math.max(0, (t - from) / length));
    const start = within(Date.parse(stage.startedAt));
    const end = within(stage.endedAt ? Date.parse(stage.endedAt) : now);
    this.when.style.transform = `translateX(${start * 100}%) scaleX(${Math.max(end - start, .012)})`;
  }
}

function seconds(stage, run) {
  return (Date.parse(stage.endedAt ?? run.endedAt ?? run.asOf) - Date.parse(stage.startedAt)) / 1000;
}

function stageNotes(stage, run) {
  const notes = [];
  if (stage.failedTasks > 0) {
    notes.push(`${format.count(stage.failedTasks)} failed`);
  }
  if (stage.skippedTasks > 0) {
    notes.push(`${format.count(stage.skippedTasks)} skipped`);
  }
  if (stage.failedAttempts > 0) {
    notes.push(format.plural(stage.failedAttempts, "failed attempt"));
  }
  if (stage.runningTasks > 0 && !run.endedAt) {
    notes.push(`${format.count(stage.runningTasks)} at work`);
  }
  if (stage.revisions > 0) {
    notes.push(format.plural(stage.revisions, "revision"));
  }
  // Of several processes each begins a stage of its own accord: that is no further attempt.
  if (stage.attempts > 1) {
    notes.push(`attempt ${stage.attempts}`);
  }
  if (stage.averageTaskDurationSeconds !== undefined) {
    notes.push(`${format.brief(stage.averageTaskDurationSeconds)} a task`);
  }
  if (stage.waitTimeSeconds >= 1) {
    notes.push(`waited ${format.brief(stage.waitTimeSeconds)}`);
  }
  for (const [kind, n] of Object.entries(stage.items ?? {})) {
    notes.push(`${kind}: ${format.count(n)}`);
  }
  return notes;
}
