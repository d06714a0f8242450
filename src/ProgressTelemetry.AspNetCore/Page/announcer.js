/**
 * Tells a screen reader what happened: starts, ends, stalls and milestones, never each step, and at most one message
 * in five seconds.
 */
export class Announcer {
  constructor(region) {
    this.region = region;
    this.seen = null;
    this.waiting = [];
  }

  hear(frame) {
    const runs = [...frame.active, ...frame.recentlyEnded];
    if (this.seen) {
      runs.forEach((run) => this.compare(this.seen.get(run.runId), run));
    }
    this.seen = new Map(runs.map((run) => [run.runId, { state: run.state, milestone: run.currentMilestone }]));
    this.speak();
  }

  compare(before, run) {
    if (!before) {
      this.say(run.endedAt ? `${run.workflow} ${run.state}` : `${run.workflow} started`);
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
