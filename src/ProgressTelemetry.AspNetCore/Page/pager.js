import { el, setAttribute, setText, show } from "./dom.js";
import * as format from "./format.js";

/** Which part of the runs is shown, and the way to the parts before and after it. */
export class Pager {
  /** `onGo(page)`. */
  constructor(element, onGo) {
    this.element = element;
    this.text = el("p", "pager-text");
    this.before = this.button("Previous", -1, onGo);
    this.after = this.button("Next", 1, onGo);
    element.append(this.before, this.text, this.after);
  }

  update({ skip, take, total, runs }) {
    this.page = Math.floor(skip / take) + 1;
    this.pages = Math.max(1, Math.ceil(total / take));
    setText(this.text, runs.length > 0
      ? `${format.count(skip + 1)}–${format.count(skip + runs.length)} of ${format.plural(total, "run")}`
      : format.plural(total, "run"));
    // A button that could not be pressed any more would lose the focus; so it stays one that does nothing.
    setAttribute(this.before, "aria-disabled", this.page > 1 ? null : "true");
    setAttribute(this.after, "aria-disabled", this.page < this.pages ? null : "true");
    show(this.before, this.pages > 1);
    show(this.after, this.pages > 1);
  }

  button(text, step, onGo) {
    const button = el("button", "", text);
    button.type = "button";
    button.setAttribute("aria-label", `${text} page`);
    button.addEventListener("click", () => {
      const page = this.page + step;
      if (page >= 1 && page <= this.pages) {
        onGo(page);
      }
    });
    return button;
  }
}
