// The connection to the server. EventSource tries again by itself after a drop, but not after a refusal, and it does
// not notice a connection that died silently; both are mended here.

const SilenceLimit = 30_000;
const LongestWait = 30_000;

export class Stream {
  /** `onFrame(frame)`, `onState("live" | "lost" | "refused")`. */
  constructor(root, onFrame, onState) {
    this.root = root;
    this.onFrame = onFrame;
    this.onState = onState;
    this.wait = 1_000;
    this.watch = setInterval(() => this.checkSilence(), 5_000);
    addEventListener("online", () => this.open(this.query));
    addEventListener("pagehide", () => this.source?.close());
    addEventListener("pageshow", (e) => e.persisted && this.open(this.query));
  }

  /** `query` says which runs; what was open before is closed. */
  open(query) {
    this.query = query;
    clearTimeout(this.retry);
    this.source?.close();
    this.heard = performance.now();
    const source = new EventSource(this.address("events"));
    this.source = source;
    source.addEventListener("progress", (e) => {
      if (source !== this.source) {
        return;
      }
      this.heard = performance.now();
      this.wait = 1_000;
      this.refused = false;
      this.onState("live");
      this.onFrame(JSON.parse(e.data));
    });
    source.addEventListener("error", () => {
      if (source !== this.source) {
        return;
      }
      this.onState(this.refused ? "refused" : "lost");
      if (source.readyState === EventSource.CLOSED) {
        this.explain();
        this.openLater();
      }
    });
  }

  address(endpoint) {
    return new URL(`${endpoint}?${this.query}`, this.root);
  }

  openLater() {
    clearTimeout(this.retry);
    this.retry = setTimeout(() => this.open(this.query), this.wait);
    this.wait = Math.min(this.wait * 2, LongestWait);
  }

  /** An EventSource does not say why it was refused; asking for the same data does. Where cookies sign people in, a refusal is a redirect to the sign-in page. */
  async explain() {
    try {
      const answer = await fetch(this.address("runs"), { method: "HEAD", cache: "no-store", redirect: "manual" });
      this.refused = answer.status === 401 || answer.status === 403 || answer.type === "opaqueredirect";
    } catch {
      this.refused = false;
    }
    if (this.source.readyState !== EventSource.OPEN) {
      this.onState(this.refused ? "refused" : "lost");
    }
  }

  checkSilence() {
    if (performance.now() - this.heard > SilenceLimit && this.source?.readyState === EventSource.OPEN) {
      this.onState("lost");
      this.open(this.query);
    }
  }
}
