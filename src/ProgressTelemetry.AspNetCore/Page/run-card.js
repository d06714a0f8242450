import { Bar, stateLabel } from "./bar.js";
import { el, icon, reconcile, setAttribute, setIcon, setText, show } from "./dom.js";
import * as format from "./format.js";
import { runPath } from "./links.js";
import { deadlineNote, runFacts, timeLeft } from "./run-facts.js";
import { StageList } from "./stage-list.js";

/** One run on the page. It is made once and then only brought up to date, so what the reader opened stays open. */
export class RunCard {
  constructor(run, root, open) {
    this.run = run;
    this.facts = new Map();
    this.milestones = new Map();
    this.ticks = new Map();
    this.title = el("bdi", "run-workflow", run.workflow);
    this.version = el("span", "run-version");
    this.chip = el("span", "chip");
    this.chipIcon = el("span", "chip-icon");
    this.chipText = el("span", "chip-text");
    this.chip.append(this.chipIcon, this.chipText);
    this.percent = el("span", "run-percent");
    this.tasks = el("span", "run-tasks");
    this.left = el("span", "run-left");
    this.interval = el("span", "run-interval");
    this.eta = el("p", "run-eta", this.left, " ", this.interval);
    this.bar = new Bar("bar-large", `Run ${run.workflow}`);
    this.tickRow = el("span", "ticks");
    this.tickRow.setAttribute("aria-hidden", "true");
    this.deadline = el("span", "deadline");
    this.deadlineText = el("span", "");
    this.deadline.append(icon("flag"), this.deadlineText);
    this.milestoneList = el("ul", "milestones");
    this.milestoneList.setAttribute("aria-label", "Milestones");
    this.factList = el("dl", "facts");
    this.stages = new StageList();
    this.summary = el("summary", "");
    this.details = el("details", "run-details", this.summary, this.stages.element);
    this.details.open = open;
    this.details.addEventListener("toggle", () => this.details.open && this.stages.update(this.run));
    this.element = this.layOut(run, root);
  }

  layOut(run, root) {
    const id = el("bdi", "run-id", run.runId);
    id.title = run.runId;
    const heading = el("h3", "", this.title, " ", this.version);
    this.bar.element.append(this.tickRow);
    const card = el("article", "run",
      el("header", "run-head", el("div", "run-names", heading, id), this.chip),
      el("div", "run-numbers",
        el("p", "run-done", this.percent, " ", this.tasks),
        this.eta),
      this.bar.element,
      el("div", "run-marks", this.milestoneList, this.deadline),
      this.factList,
      el("div", "run-foot", this.details, reportLinks(run, root)));
    card.setAttribute("aria-label", `${run.workflow}, run ${run.runId}`);
    return card;
  }

  update(run, since) {
    this.run = run;
    setAttribute(this.element, "data-state", run.state);
    setText(this.version, run.version ?? "");
    show(this.version, run.version !== undefined);
    setIcon(this.chipIcon, run.state);
    setText(this.chipText, stateLabel(run));
    setText(this.percent, run.completionRatio === undefined ? "" : format.percent(run.completionRatio));
    show(this.percent, run.completionRatio !== undefined);
    setText(this.tasks, run.expectedTasks === undefined
      ? `${format.plural(run.completedTasks, "task")} done${run.endedAt ? "" : ", total unknown"}`
      : `${format.count(run.completedTasks)} of ${format.plural(run.expectedTasks, "task")}`);
    this.updateMilestones(run);
    this.updateDeadline(run);
    this.updateStages(run);
    this.tick(since);
  }

  /** What changes with time alone; called between frames too. */
  tick(since) {
    const run = this.run;
    const running = run.endedAt ? 0 : since;
    const left = timeLeft(run, running);
    setText(this.left, left.main);
    setText(this.interval, left.detail);
    show(this.interval, left.detail !== "");
    show(this.eta, left.main !== "");
    this.bar.update(run, left.main);
    this.updateFacts(runFacts(run, run.elapsedSeconds + running));
  }

  updateFacts(facts) {
    reconcile(this.factList, this.facts, facts, ([name]) => name, ([name]) => {
      const value = el("dd", "");
      const element = el("div", "fact", el("dt", "", name), value);
      setAttribute(element, "data-bad", name === "Failed" || name === "Error" ? "yes" : null);
      return { value, element };
    }, (view, [, text]) => setText(view.value, text));
  }

  updateMilestones(run) {
    show(this.milestoneList, run.milestones.length > 0);
    reconcile(this.milestoneList, this.milestones, run.milestones, (m) => m.name, (m) => new MilestoneChip(m),
      (view, m) => view.update(m, run));
    reconcile(this.tickRow, this.ticks, run.milestones.filter((m) => m.completionRatio < 1), (m) => m.name, (m) => {
      const tick = el("span", "tick");
      tick.style.left = `${m.completionRatio * 100}%`;
      return { element: tick };
    }, (view, m) => setAttribute(view.element, "data-reached", m.reachedAt ? "yes" : "no"));
  }

  updateDeadline(run) {
    const note = deadlineNote(run);
    show(this.deadline, note !== null);
    if (note) {
      setText(this.deadlineText, note.text);
      setAttribute(this.deadline, "data-late", note.late ? "yes" : "no");
    }
  }

  updateStages(run) {
    show(this.details, run.stages.length > 0);
    const ended = run.stages.filter((s) => s.endedAt).length;
    const current = run.currentStages.length > 0 ? ` · now: ${run.currentStages.join(", ")}` : "";
    setText(this.summary, `${ended} of ${format.plural(run.stages.length, "stage")} done${current}`);
    if (this.details.open) {
      this.stages.update(run);
    }
  }
}

class MilestoneChip {
  constructor({ name, completionRatio }) {
    this.mark = el("span", "milestone-mark");
    this.note = el("span", "milestone-note");
    this.at = format.percent(completionRatio);
    this.named = name.replace(/\s/g, "") !== this.at.replace(/\s/g, "");
    this.element = el("li", "milestone", this.mark, el("bdi", "", name), this.note);
  }

  update({ reachedAt }, run) {
    setAttribute(this.element, "data-reached", reachedAt ? "yes" : "no");
    setIcon(this.mark, reachedAt ? "succeeded" : "pending");
    setText(this.note, reachedAt ? format.moment(reachedAt, run.asOf) : this.named ? `at ${this.at}` : "to come");
  }
}

function reportLinks(run, root) {
  const links = [["html", "Report"], ["md", "Markdown"], ["json", "JSON"]].map(([kind, text]) => {
    const link = el("a", "", text);
    link.href = new URL(`${runPath(run.runId)}/report?format=${kind}`, root);
    link.setAttribute("aria-label", kind === "html" ? `Report of ${run.workflow}` : `Report of ${run.workflow} as ${text}`);
    return link;
  });
  return el("p", "run-links", ...links);
}
