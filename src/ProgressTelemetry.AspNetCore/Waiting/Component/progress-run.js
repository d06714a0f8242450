// <progress-run src="/progress/live/TOKEN">: one run, live, for the person who waits for it. No dependency, no inline style, no markup made from text: it works under `script-src 'self'; style-src 'none'; connect-src 'self'` and Trusted Types.
// docs/guides/progress-for-your-users.md says how to place, style and translate it.

const SilenceLimit = 40_000;
const FirstWait = 1_000;
const LongestWait = 30_000;
const SpeechPause = 10_000;

/**
 * Follows a run without drawing it. `callback({ run, connection })` is called at once and after each change; `run` is null until something is known, `connection` is "connecting", "live", "lost", "refused" (the
 * token opens nothing, or no longer) or "ended". Returns what stops it.
 */
export function subscribe(url, callback) {
  const feed = new Feed(new URL(url, document.baseURI), callback);
  return () => feed.stop();
}

/** EventSource tries again by itself after a drop, but not after a refusal, and does not notice a connection that died silently; both are mended here. */
class Feed {
  constructor(url, callback) {
    this.url = url;
    this.callback = callback;
    this.run = null;
    this.wait = FirstWait;
    this.stopping = new AbortController();
    const signal = this.stopping.signal;
    // A connection that has lost its network says nothing for a long time.
    addEventListener("offline", () => this.isOpen && this.tell("lost"), { signal });
    addEventListener("online", () => this.reopen(), { signal });
    // A page that is kept for the back button may not hold a connection.
    addEventListener("pagehide", () => this.source?.close(), { signal });
    addEventListener("pageshow", (e) => e.persisted && this.reopen(), { signal });
    this.watch = setInterval(() => this.checkSilence(), 5_000);
    this.tell("connecting");
    this.open();
  }

  stop() {
    this.stopping.abort();
    clearInterval(this.watch);
    clearTimeout(this.retry);
    this.source?.close();
    this.callback = () => {};
  }

  get isOpen() {
    return this.connection !== "ended" && this.connection !== "refused";
  }

  reopen() {
    if (this.isOpen) {
      this.open();
    }
  }

  open() {
    clearTimeout(this.retry);
    this.source?.close();
    this.heard = performance.now();
    const source = new EventSource(new URL(`${this.url.pathname}/events${this.url.search}`, this.url));
    this.source = source;
    source.addEventListener("progress", (e) => source === this.source && this.hear(e.data, false));
    source.addEventListener("ended", (e) => source === this.source && this.hear(e.data, true));
    source.addEventListener("error", () => source === this.source && this.lose());
  }

  hear(data, isEnded) {
    this.heard = performance.now();
    this.wait = FirstWait;
    this.run = JSON.parse(data);
    this.isEnded = isEnded;
    this.tell("live");
  }

  async lose() {
    if (this.isEnded) {
      // The server has told all there is to tell.
      this.source.close();
      this.tell("ended");
      return;
    }
    this.tell("lost");
    if (this.source.readyState !== EventSource.CLOSED) {
      return;
    }
    // An EventSource does not say why it was refused; asking for the same run does.
    const refused = await fetch(this.url, { method: "HEAD", cache: "no-store" }).then((answer) => answer.status === 404, () => false);
    if (this.stopping.signal.aborted) {
      return;
    }
    if (refused) {
      this.tell("refused");
      return;
    }
    // Not all at once: after a deployment, everybody comes back.
    this.retry = setTimeout(() => this.open(), this.wait * (.5 + Math.random()));
    this.wait = Math.min(this.wait * 2, LongestWait);
  }

  checkSilence() {
    if (performance.now() - this.heard > SilenceLimit && this.source?.readyState === EventSource.OPEN) {
      this.tell("lost");
      this.open();
    }
  }

  tell(connection) {
    this.connection = connection;
    this.callback({ run: this.run, connection });
  }
}

/** What the component says, by language. Add one, or replace entries of one; what is missing is said in English. `{0}`, `{1}` are filled in. */
export const texts = {
  en: {
    label: "Progress",
    pending: "Not started yet",
    running: "Running",
    waiting: "Waiting",
    stalled: "No progress for a while",
    succeeded: "Done",
    failed: "Failed",
    cancelled: "Cancelled",
    abandoned: "Stopped",
    unknown: "Nothing known yet",
    left: "about {0} left",
    range: "{0} to {1}",
    soon: "any moment now",
    timeUnknown: "time left not known yet",
    tasks: "{0} of {1}",
    done: "{0} done",
    stages: "Stages",
    connecting: "Connecting …",
    lost: "Connection lost, trying again …",
    refused: "This progress can no longer be shown. Please reload the page.",
  },
  de: {
    label: "Fortschritt",
    pending: "Noch nicht begonnen",
    running: "Läuft",
    waiting: "Wartet",
    stalled: "Seit einer Weile kein Fortschritt",
    succeeded: "Fertig",
    failed: "Fehlgeschlagen",
    cancelled: "Abgebrochen",
    abandoned: "Angehalten",
    unknown: "Noch nichts bekannt",
    left: "noch etwa {0}",
    range: "{0} bis {1}",
    soon: "gleich fertig",
    timeUnknown: "Restzeit noch nicht bekannt",
    tasks: "{0} von {1}",
    done: "{0} erledigt",
    stages: "Schritte",
    connecting: "Verbindung wird aufgebaut …",
    lost: "Verbindung unterbrochen, neuer Versuch …",
    refused: "Dieser Fortschritt kann nicht mehr angezeigt werden. Bitte laden Sie die Seite neu.",
  },
};

/** Words and numbers in one language. */
class Speech {
  constructor(language) {
    this.language = language;
    this.words = { ...texts.en, ...texts[language.split("-")[0]], ...texts[language] };
    this.number = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
    this.percentage = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 0 });
  }

  say(key, ...values) {
    return this.words[key].replace(/\{(\d)\}/g, (_, i) => values[i]);
  }

  state(run) {
    return this.words[run.state] ?? run.state;
  }

  /** Rounded down, so that 100 % means all of it. */
  percent(ratio) {
    return this.percentage.format(Math.floor(ratio * 100 + 1e-9) / 100);
  }

  tasks(run) {
    if (run.completedTasks === undefined) {
      return "";
    }
    const done = this.number.format(run.completedTasks);
    return run.expectedTasks === undefined ? this.say("done", done) : this.say("tasks", done, this.number.format(run.expectedTasks));
  }

  /** "about 4 min left, 2 to 9" */
  timeLeft(run) {
    const e = run.estimate;
    if (!e) {
      return this.words.timeUnknown;
    }
    if (e.remainingSeconds < 1) {
      return this.words.soon;
    }
    const [low, high] = [rough(e.remainingLowSeconds), rough(e.remainingHighSeconds)];
    const main = rough(e.remainingSeconds);
    const left = this.say("left", this.duration(main));
    if (low[0] === high[0] && low[1] === high[1]) {
      return left;
    }
    // One unit is said once; beside a larger one, single seconds would pretend to a precision that is not there.
    const alike = low[1] === high[1];
    const range = this.say("range", alike ? this.number.format(low[0]) : this.duration(coarse(low)), alike && high[1] === main[1] ? this.number.format(high[0]) : this.duration(high));
    return `${left}, ${range}`;
  }

  duration([value, unit]) {
    return new Intl.NumberFormat(this.language, { style: "unit", unit, unitDisplay: "short", maximumFractionDigits: 1 }).format(value);
  }
}

/** A number and its unit, as coarse as an estimate deserves. */
function rough(seconds) {
  const s = Math.max(0, seconds);
  if (s < 90) {
    return [s < 20 ? Math.max(1, Math.round(s)) : Math.round(s / 5) * 5, "second"];
  }
  if (s < 90 * 60) {
    return [Math.round(s / 60), "minute"];
  }
  if (s < 36 * 3600) {
    const halves = Math.round(s / 1800) / 2;
    return [halves < 10 ? halves : Math.round(halves), "hour"];
  }
  return [Math.round(s / 8640) / 10, "day"];
}

function coarse([value, unit]) {
  return unit === "second" ? [Math.max(5, Math.round(value / 5) * 5), unit] : [value, unit];
}

const sheet = new CSSStyleSheet();
sheet.replaceSync(`
  :host {
    --text: var(--progress-run-text, inherit);
    --track: var(--progress-run-track, #dfe5ec);
    --fill: var(--progress-run-color, #2563d9);
    --good: var(--progress-run-good, #16764a);
    --warn: var(--progress-run-warn, #8a5200);
    --bad: var(--progress-run-bad, #b8232f);
    display: block;
    color: var(--text);
    font: inherit;
    line-height: 1.4;
  }
  @supports (color: light-dark(#000, #fff)) {
    :host {
      --track: var(--progress-run-track, light-dark(#dfe5ec, #2f3a49));
      --fill: var(--progress-run-color, light-dark(#2563d9, #6ba5ff));
      --good: var(--progress-run-good, light-dark(#16764a, #4fcb8d));
      --warn: var(--progress-run-warn, light-dark(#8a5200, #f2b651));
      --bad: var(--progress-run-bad, light-dark(#b8232f, #ff8a8f));
    }
  }
  :host([hidden]), [hidden] { display: none; }
  .line { display: flex; flex-wrap: wrap; gap: 0 .75em; align-items: baseline; }
  .state { font-weight: 600; overflow-wrap: anywhere; }
  .head { justify-content: space-between; }
  .percent { font-variant-numeric: tabular-nums; font-weight: 600; }
  .bar {
    block-size: var(--progress-run-height, .5em);
    margin-block: .35em;
    border-radius: var(--progress-run-radius, 1em);
    background: var(--track);
    overflow: hidden;
  }
  .fill {
    block-size: 100%;
    inline-size: calc(var(--ratio, 0) * 100%);
    border-radius: inherit;
    background: var(--tone, var(--fill));
    transition: inline-size .4s ease-out;
  }
  .unsure > .fill { inline-size: 25%; animation: 2s ease-in-out infinite alternate search; }
  .lost > .bar { opacity: .55; }
  .succeeded { --tone: var(--good); }
  .stalled { --tone: var(--warn); }
  .failed, .abandoned { --tone: var(--bad); }
  .succeeded .state, .stalled .state, .failed .state, .abandoned .state { color: var(--tone); }
  .notice { color: var(--warn); }
  .tasks, .time { font-variant-numeric: tabular-nums; }
  details { margin-block-start: .35em; }
  summary { cursor: pointer; }
  ul { margin: .25em 0 0; padding: 0; list-style: none; display: grid; gap: .25em; }
  li { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 0 .75em; }
  li > bdi { justify-self: start; overflow-wrap: anywhere; }
  li > .bar { grid-column: 1 / -1; block-size: .25em; margin-block: 0; }
  .unseen { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  @keyframes search { to { margin-inline-start: 75%; } }
  @media (prefers-reduced-motion: reduce) {
    .fill { transition: none; }
    .unsure > .fill { animation: none; inline-size: 100%; opacity: .35; }
  }
  @media (forced-colors: active) {
    .bar { border: 1px solid CanvasText; }
    .fill { background: Highlight; forced-color-adjust: none; }
  }
`);

function make(tag, part, ...children) {
  const element = document.createElement(tag);
  if (part) {
    element.className = part;
    element.setAttribute("part", part);
  }
  if (tag === "span") {
    // Words in a language that runs the other way than the page keep their order.
    element.dir = "auto";
  }
  element.append(...children);
  return element;
}

/** Writes only what is new, so that a reader's selection and a screen reader's place stay. */
function write(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
  element.hidden = text === "";
}

function makeBar() {
  const bar = make("div", "bar", make("div", "fill"));
  bar.setAttribute("role", "progressbar");
  bar.setAttribute("aria-valuemin", "0");
  bar.setAttribute("aria-valuemax", "100");
  return bar;
}

function setBar(bar, ratio, isUnsure, label, text) {
  // Through the CSSOM, which a policy against inline styles allows.
  bar.firstChild.style.setProperty("--ratio", ratio ?? 0);
  bar.classList.toggle("unsure", isUnsure);
  bar.setAttribute("aria-label", label);
  bar.setAttribute("aria-valuetext", text);
  if (ratio === undefined) {
    bar.removeAttribute("aria-valuenow");
  } else {
    bar.setAttribute("aria-valuenow", Math.floor(ratio * 100 + 1e-9));
  }
}

/** Tells a screen reader of what matters, never of each step, and at most once in ten seconds. */
class Announcer {
  constructor(region) {
    this.region = region;
  }

  hear(run, connection, speech) {
    const quarter = Math.floor((run?.completionRatio ?? 0) * 4 + 1e-9);
    const now = connection === "lost" || connection === "refused" ? connection : `${run?.state} ${quarter}`;
    const isFirst = this.said === undefined;
    if (now === this.said || connection === "connecting") {
      return;
    }
    this.said = now;
    if (isFirst) {
      return;
    }
    const ratio = run?.completionRatio;
    this.next = speech.words[connection === "lost" || connection === "refused" ? connection : run.state] ?? run.state;
    if (now.startsWith("running") && ratio !== undefined) {
      this.next = `${speech.percent(ratio)}, ${speech.timeLeft(run)}`;
    }
    this.speak();
  }

  speak() {
    if (this.pause || !this.next) {
      return;
    }
    this.region.textContent = this.next;
    this.next = null;
    this.pause = setTimeout(() => {
      this.pause = null;
      this.speak();
    }, SpeechPause);
  }
}

export class ProgressRun extends HTMLElement {
  static observedAttributes = ["src", "lang", "label"];

  constructor() {
    super();
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [sheet];
    const ui = {
      state: make("span", "state"),
      percent: make("span", "percent"),
      bar: makeBar(),
      tasks: make("span", "tasks"),
      time: make("span", "time"),
      notice: make("div", "notice"),
      summary: make("summary"),
      stages: make("ul", "stages"),
      speech: make("span"),
    };
    ui.speech.className = "unseen";
    ui.speech.setAttribute("role", "status");
    ui.details = make("details", "", ui.summary, ui.stages);
    ui.all = make("div", "", make("div", "line head", ui.state, ui.percent), ui.bar, make("div", "line", ui.time, ui.tasks), ui.notice, ui.details);
    root.append(ui.all, ui.speech);
    this.ui = ui;
    this.announcer = new Announcer(ui.speech);
  }

  /** What is known of the run; null while nothing is. */
  get run() {
    return this.latest?.run ?? null;
  }

  /** "connecting", "live", "lost", "refused" or "ended". */
  get connection() {
    return this.latest?.connection ?? "connecting";
  }

  connectedCallback() {
    this.follow();
  }

  disconnectedCallback() {
    this.unsubscribe?.();
    this.unsubscribe = null;
  }

  attributeChangedCallback(name) {
    if (!this.isConnected) {
      return;
    }
    if (name === "src") {
      this.follow();
    } else if (this.latest) {
      this.draw(this.latest);
    }
  }

  follow() {
    this.unsubscribe?.();
    this.unsubscribe = null;
    this.endedAt = undefined;
    const src = this.getAttribute("src");
    if (src) {
      this.unsubscribe = subscribe(src, (latest) => this.hear(latest));
    } else {
      this.draw({ run: null, connection: "connecting" });
    }
  }

  hear(latest) {
    const isNews = latest.run !== this.run;
    this.latest = latest;
    this.draw(latest);
    if (isNews && latest.run) {
      this.dispatchEvent(new CustomEvent("progress", { detail: latest.run }));
      if (latest.run.endedAt && latest.run.endedAt !== this.endedAt) {
        this.endedAt = latest.run.endedAt;
        this.dispatchEvent(new CustomEvent("ended", { detail: latest.run }));
      }
    }
  }

  draw({ run, connection }) {
    const language = this.closest("[lang]")?.lang || navigator.language;
    if (this.speech?.language !== language) {
      this.speech = new Speech(language);
    }
    const { ui, speech } = this;
    const isLive = Boolean(run?.startedAt && !run.endedAt);
    const isLost = connection === "lost" || connection === "refused";
    const label = this.getAttribute("label") ?? run?.workflow ?? speech.words.label;
    ui.all.className = `${run?.state ?? "unknown"}${isLost ? " lost" : ""}`;
    write(ui.state, run ? speech.state(run) : isLost ? speech.words.unknown : speech.words.connecting);
    write(ui.percent, run?.completionRatio === undefined ? "" : speech.percent(run.completionRatio));
    write(ui.tasks, run ? speech.tasks(run) : "");
    // What was true before the connection was lost is not said as if it still were.
    write(ui.time, isLive && !isLost ? speech.timeLeft(run) : "");
    write(ui.notice, isLost ? speech.words[connection] : "");
    const said = [ui.state, ui.percent, ui.time, ui.notice].map((e) => e.textContent).filter(Boolean).join(", ");
    setBar(ui.bar, run?.completionRatio, isLive && !isLost && run.completionRatio === undefined, label, said);
    this.drawStages(run?.stages ?? [], speech);
    this.announcer.hear(run, connection, speech);
  }

  drawStages(stages, speech) {
    const { ui } = this;
    ui.details.hidden = stages.length === 0;
    ui.summary.textContent = speech.words.stages;
    while (ui.stages.children.length > stages.length) {
      ui.stages.lastChild.remove();
    }
    stages.forEach((stage, i) => {
      const row = ui.stages.children[i] ?? ui.stages.appendChild(make("li", "stage", document.createElement("bdi"), make("span", "stage-state"), makeBar()));
      const [name, state, bar] = row.children;
      row.className = `stage ${stage.state}`;
      write(name, stage.name);
      write(state, stage.state === "running" && stage.completionRatio !== undefined ? speech.percent(stage.completionRatio) : speech.state(stage));
      setBar(bar, stage.completionRatio ?? (stage.state === "succeeded" ? 1 : undefined), false, stage.name, state.textContent);
    });
  }
}

if (!customElements.get("progress-run")) {
  customElements.define("progress-run", ProgressRun);
}
