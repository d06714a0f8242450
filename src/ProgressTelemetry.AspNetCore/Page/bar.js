import { el, setAttribute } from "./dom.js";
import * as format from "./format.js";

/** A progress bar of a run or a stage: a fraction, or honestly none. */
export class Bar {
  constructor(className, label) {
    this.fill = el("span", "bar-fill");
    this.element = el("div", `bar ${className}`, this.fill);
    this.element.setAttribute("role", "progressbar");
    this.element.setAttribute("aria-label", label);
    this.element.setAttribute("aria-valuemin", "0");
    this.element.setAttribute("aria-valuemax", "100");
  }

  update({ completionRatio, completedTasks, expectedTasks, state }, timeLeft) {
    const known = completionRatio !== undefined;
    const unended = state === "running" || state === "waiting" || state === "stalled";
    setAttribute(this.element, "data-state", state);
    setAttribute(this.element, "data-known", known || !unended ? "yes" : "no");
    setAttribute(this.element, "aria-valuenow", known ? Math.floor(completionRatio * 100) : null);
    const text = known
      ? `${format.percent(completionRatio)}, ${format.count(completedTasks)} of ${format.count(expectedTasks ?? completedTasks)} tasks`
      : `${format.plural(completedTasks, "task")} done, total unknown`;
    setAttribute(this.element, "aria-valuetext", timeLeft ? `${text}, ${timeLeft}` : text);
    this.fill.style.transform = known ? `scaleX(${completionRatio})` : "";
  }
}

const Labels = {
  pending: "Pending", running: "Running", waiting: "Waiting", stalled: "Stalled",
  succeeded: "Succeeded", failed: "Failed", cancelled: "Cancelled", abandoned: "Abandoned",
};

/** The state, said in words; the result where it says more than the state does. */
export function stateLabel({ state, result }) {
  if (state === "failed" && (result === "timeout" || result === "error")) {
    return result === "timeout" ? "Timed out" : "Error";
  }
  return state === "succeeded" && result === "skip" ? "Skipped" : Labels[state];
}
