import * as format from "./format.js";

/** What there is to say about a run in pairs of words, the most telling first; what is not known is left out. */
export function runFacts(run, elapsed) {
  const facts = [[run.endedAt ? "Took" : "Elapsed", format.clock(elapsed)]];
  if (run.endedAt) {
    facts.push(["Ended", format.moment(run.endedAt, run.asOf)]);
  } else if (run.estimate && run.state !== "stalled") {
    facts.push(["Expected end", format.moment(run.estimate.expected, run.asOf)]);
  }
  if (run.deadline) {
    facts.push(["Deadline", format.moment(run.deadline, run.asOf)]);
  }
  const performance = run.performance;
  if (performance.throughputPerSecond > 0) {
    facts.push(["Throughput", format.rate(performance.throughputPerSecond)]);
  }
  if (performance.averageTaskDurationSeconds !== undefined) {
    facts.push(["Average task", format.brief(performance.averageTaskDurationSeconds)]);
  }
  // Of a single stage it goes without saying.
  if (run.bottleneck && run.bottleneck.kind !== "none" && run.stages.length > 1) {
    facts.push(["Bottleneck", bottleneck(run.bottleneck)]);
  }
  if (performance.failedTasks > 0) {
    facts.push(["Failed", format.plural(performance.failedTasks, "task")]);
  }
  if (performance.skippedTasks > 0) {
    facts.push(["Skipped", format.plural(performance.skippedTasks, "task")]);
  }
  if (performance.failedAttempts > 0) {
    facts.push(["Failed attempts", format.count(performance.failedAttempts)]);
  }
  if (run.attempt > 1) {
    facts.push(["Attempt", format.count(run.attempt)]);
  }
  if (performance.revisions > 0) {
    facts.push(["Revisions", format.count(performance.revisions)]);
  }
  if (performance.waitTimeSeconds >= 1) {
    facts.push(["Waited", format.clock(performance.waitTimeSeconds)]);
  }
  const items = itemTotals(run.stages);
  if (items.length > 0) {
    facts.push(["Items", items.map(([kind, n]) => `${kind} ${format.count(n)}`).join(" · ")]);
  }
  if (run.participants.length > 0) {
    facts.push(["Processes", run.participants.map(participant).join(" · ")]);
  }
  if (run.errorType) {
    facts.push(["Error", run.errorType]);
  }
  return facts;
}

function bottleneck({ kind, stage, share }) {
  const what = { stage, dispatch: "tasks wait for a worker", waiting: "declared waits" }[kind];
  return `${what} (${format.percent(share)} of the time)`;
}

/** Who works on it, and has done how much; of who is no more there, what became of it. */
function participant({ process, state, completedTasks }) {
  return `${process} ${format.count(completedTasks)}${state === "present" ? "" : ` (${state})`}`;
}

function itemTotals(stages) {
  const totals = new Map();
  for (const stage of stages) {
    for (const [kind, n] of Object.entries(stage.items ?? {})) {
      totals.set(kind, (totals.get(kind) ?? 0) + n);
    }
  }
  return [...totals];
}

/** The headline of a run, and the line under it. `since` is the seconds since the frame was made. */
export function timeLeft(run, since) {
  if (run.endedAt) {
    return { main: "", detail: "" };
  }
  if (run.state === "stalled") {
    return {
      main: `no progress for ${format.about(secondsBetween(run.lastProgressAt, run.asOf) + since)}`,
      detail: run.stallThresholdSeconds === undefined ? "" : `more than ${format.about(run.stallThresholdSeconds)} of silence is a stall`,
    };
  }
  if (!run.estimate) {
    return { main: "time left not known yet", detail: "" };
  }
  const left = (seconds) => Math.max(0, seconds - since);
  const low = left(run.estimate.remainingLowSeconds);
  const high = left(run.estimate.remainingHighSeconds);
  const expected = left(run.estimate.remainingSeconds);
  return {
    main: expected < 1 ? "any moment now" : `about ${format.about(expected)} left`,
    detail: high < 1 ? "" : format.range(low, high),
  };
}

/** Whether the deadline holds, in words; null without one. */
export function deadlineNote(run) {
  const margin = deadlineMargin(run);
  if (margin === null) {
    return null;
  }
  const late = margin < 0;
  const by = format.about(Math.abs(margin));
  if (run.endedAt) {
    return { late, text: late ? `${by} past its deadline` : `${by} before its deadline` };
  }
  return { late, text: late ? `about ${by} late` : `on time, ${by} to spare` };
}

/** From the run's end, or its expected end, to its deadline: negative when late. Without an estimate there is still one thing to tell: that the deadline has passed. */
function deadlineMargin(run) {
  if (!run.deadline) {
    return null;
  }
  const end = run.endedAt ?? run.estimate?.expected;
  const margin = secondsBetween(end ?? run.asOf, run.deadline);
  return end || margin < 0 ? margin : null;
}

function secondsBetween(from, to) {
  return (Date.parse(to) - Date.parse(from)) / 1000;
}
