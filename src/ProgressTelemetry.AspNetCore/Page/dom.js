// Text only ever goes in as text: nothing here, or anywhere in the page, parses markup.

export function el(tag, className, ...children) {
  const element = document.createElement(tag);
  if (className) {
    element.className = className;
  }
  element.append(...children);
  return element;
}

/** Writes only what changed, so that selections, focus and screen readers are left in peace. */
export function setText(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

/** A null value removes the attribute. */
export function setAttribute(element, name, value) {
  if (value === null || value === undefined) {
    element.removeAttribute(name);
  } else if (element.getAttribute(name) !== String(value)) {
    element.setAttribute(name, value);
  }
}

export function show(element, visible) {
  if (element.hidden === visible) {
    element.hidden = !visible;
  }
}

/**
 * Makes the children of `parent` those of `items`, in order: `create` for keys not seen before, `update` for all.
 * An element that is in its place already is not moved, since a move would take the focus and restart transitions.
 */
export function reconcile(parent, known, items, key, create, update) {
  const wanted = new Set(items.map(key));
  for (const [k, view] of known) {
    if (!wanted.has(k)) {
      view.element.remove();
      known.delete(k);
    }
  }
  let next = parent.firstElementChild;
  for (const item of items) {
    let view = known.get(key(item));
    if (!view) {
      view = create(item);
      known.set(key(item), view);
    }
    if (view.element === next) {
      next = next.nextElementSibling;
    } else {
      parent.insertBefore(view.element, next);
    }
    update(view, item);
  }
}

// 16 x 16, drawn with strokes in the colour of the text.
const Shapes = {
  pending: "M8 2.5a5.5 5.5 0 1 1 0 11a5.5 5.5 0 0 1 0-11z",
  running: "M5.2 3.4v9.2L12.6 8z",
  waiting: "M8 2.3a5.7 5.7 0 1 1 0 11.4a5.7 5.7 0 0 1 0-11.4zM8 5v3.3l2.2 1.4",
  stalled: "M8 2.2 14.4 13.4H1.6zM8 6.4v3.2M8 11.4v.2",
  succeeded: "M3 8.6l3.3 3.3L13 4.6",
  failed: "M4 4l8 8M12 4l-8 8",
  cancelled: "M8 2.3a5.7 5.7 0 1 1 0 11.4a5.7 5.7 0 0 1 0-11.4zM4.1 11.9l7.8-7.8",
  abandoned: "M8 2.3a5.7 5.7 0 1 1 0 11.4a5.7 5.7 0 0 1 0-11.4zM5.2 8h5.6",
  flag: "M4 14V2.6h8l-1.8 2.7L12 8H4",
};

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("class", `icon icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", Shapes[name]);
  svg.append(path);
  return svg;
}

/** An icon that is drawn anew only when its name changes. */
export function setIcon(holder, name) {
  if (holder.dataset.icon !== name) {
    holder.dataset.icon = name;
    holder.replaceChildren(icon(name));
  }
}
