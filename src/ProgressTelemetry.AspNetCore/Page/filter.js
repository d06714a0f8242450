// What the reader asked to see: the form, the address of the page (so that it can be kept and sent to others) and the query to the server.

const PageSize = 25;
const Patience = 250;

export class Filter {
  /** `onChange()` is called when something else is to be seen. */
  constructor(form, onChange) {
    this.form = form;
    this.onChange = onChange;
    this.clearButton = form.querySelector("[data-clear]");
    this.read(new URLSearchParams(location.search));
    form.addEventListener("submit", (e) => {
      e.preventDefault();
      this.changed();
    });
    form.elements.q.addEventListener("input", () => {
      clearTimeout(this.typing);
      this.typing = setTimeout(() => this.changed(), Patience);
    });
    form.elements.workflow.addEventListener("change", () => this.changed());
    form.elements.state.addEventListener("change", () => this.changed());
    this.clearButton.addEventListener("click", () => this.clear());
  }

  get isSet() {
    return this.words().some(([, value]) => value !== "");
  }

  /** As the server takes it. */
  get query() {
    const query = this.params();
    query.delete("page");
    query.set("skip", (this.page - 1) * PageSize);
    query.set("take", PageSize);
    return query;
  }

  goTo(page) {
    this.page = Math.max(1, page);
    this.remember();
    this.onChange();
  }

  clear() {
    this.form.elements.q.value = "";
    this.form.elements.workflow.value = "";
    this.form.elements.state.value = "";
    this.form.elements.q.focus();
    this.changed();
  }

  /** The workflows there are; the chosen one stays, also when it has no runs at the moment. */
  offer(workflows) {
    const select = this.form.elements.workflow;
    const chosen = select.value;
    const names = chosen && !workflows.includes(chosen) ? [...workflows, chosen] : workflows;
    const offered = [...select.options].slice(1).map((o) => o.value);
    if (names.length !== offered.length || names.some((name, i) => name !== offered[i])) {
      select.replaceChildren(select.options[0], ...names.map((name) => new Option(name, name)));
      select.value = chosen;
    }
  }

  changed() {
    clearTimeout(this.typing);
    this.page = 1;
    this.remember();
    this.onChange();
  }

  words() {
    return ["q", "workflow", "state"].map((name) => [name, this.form.elements[name].value.trim()]);
  }

  params() {
    const params = new URLSearchParams(this.words().filter(([, value]) => value !== ""));
    if (this.page > 1) {
      params.set("page", this.page);
    }
    return params;
  }

  remember() {
    const query = this.params().toString();
    history.replaceState(null, "", query ? `?${query}` : location.pathname);
    this.clearButton.hidden = !this.isSet;
  }

  /** An address may come from anybody: what the form could not have is left out. */
  read(params) {
    const { q, workflow, state } = this.form.elements;
    q.value = (params.get("q") ?? "").slice(0, q.maxLength);
    const name = (params.get("workflow") ?? "").slice(0, q.maxLength);
    if (name) {
      workflow.append(new Option(name, name));
    }
    workflow.value = name;
    state.value = [...state.options].some((o) => o.value === params.get("state")) ? params.get("state") : "";
    this.page = Math.min(1e7, Math.max(1, Number.parseInt(params.get("page"), 10) || 1));
    this.clearButton.hidden = !this.isSet;
  }
}
