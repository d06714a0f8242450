/**
 * Tells a screen reader what happened: starts, ends, stalls and milestones, never each step, and at most one message
 * in five seconds.
 */
export class Announcer {
  constructor(region) {
    this.region = region;
    this.seen = null;
    this.asOf = 0;
    this.waiting = [];
  }

  /** The reader has asked for other runs: the next frame's are not news, only how many they are. */
  expectOthers() {
    this.seen = null;
    this.asked = true;
  }

  hear(frame) {
    if (this.seen) {
      frame.runs.forEach((run) => this.compare(this.seen.get(run.runId), run));
    } else if (this.asked) {
      this.asked = false;
      this.say(`${frame.total === 0 ? "No" : frame.total} ${frame.total === 1 ? "run matches" : "runs match"}`);
    }
    this.seen = new Map(frame.runs.map((run) => [run.runId, { state: run.state, milestone: run.currentMilestone }]));
    this.asOf = Date.parse(frame.asOf);
    this.speak();
  }

  compare(before, run) {
    if (!before) {
      // A run also comes onto the page because others have gone from it: that is no news of it.
      if (run.endedAt ? Date.parse(run.endedAt) >= this.asOf : Date.parse(run.startedAt) >= this.asOf) {
        this.say(run.endedAt ? `${run.workflow} ${run.state}` : `${run.workflow} started`);
      }
    } else if (before.state !== run.state && (run.endedAt || run.state === "stalled" || before.state === "stalled")) {
      this.say(run.state === "running" ? `${run.workflow} is moving again` : `${run.workflow} ${run.state}`);
    } else if (run.currentMilestone && before.milestone !== run.currentMilestone) {
      this.say(`${run.workflow} reached ${run.currentMilestone}`);
    }
  }

  say(text) {
    this.waiting.push(text);
  }

  speak() {
    if (this.timer || this.waiting.length === 0) {
      return;
    }
    const said = this.waiting.splice(0);
    this.region.textContent = said.length > 3 ? `${said.slice(0, 3).join(". ")}, and ${said.length - 3} more.` : `${said.join(". ")}.`;
    this.timer = setTimeout(() => {
      this.timer = null;
      this.speak();
    }, 5_000);
  }
}
