// Numbers, moments and lengths of time as people say them. Lengths are seconds.

const whole = new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 });
const small = new Intl.NumberFormat(undefined, { maximumSignificantDigits: 2 });

export function count(n) {
  return whole.format(n);
}

export function plural(n, one, many = one + "s") {
  return `${count(n)} ${n === 1 ? one : many}`;
}

/** Rounded down, so that 100 % means all of it. */
export function percent(ratio) {
  return `${Math.floor(ratio * 100 + 1e-9)} %`;
}

/** 7 s, 3:07, 1:02:09, 2 d 3 h: a time that is measured. */
export function clock(seconds) {
  const s = Math.max(0, Math.floor(seconds));
  if (s < 60) {
    return `${s} s`;
  }
  if (s >= 86400) {
    return `${Math.floor(s / 86400)} d ${Math.floor((s % 86400) / 3600)} h`;
  }
  const two = (n) => String(n).padStart(2, "0");
  const minutes = Math.floor(s / 60);
  return minutes < 60
    ? `${minutes}:${two(s % 60)}`
    : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(s % 60)}`;
}

/** Milliseconds to days, for means of short things. */
export function brief(seconds) {
  if (seconds < 1) {
    return `${small.format(seconds * 1000)} ms`;
  }
  return seconds < 60 ? `${small.format(seconds)} s` : clock(seconds);
}

/** A number and its unit, as coarse as an estimate deserves. */
function rough(seconds) {
  const s = Math.max(0, seconds);
  if (s < 90) {
    return [s < 20 ? Math.max(1, Math.round(s)) : Math.round(s / 5) * 5, "s"];
  }
  if (s < 90 * 60) {
    return [Math.round(s / 60), "min"];
  }
  if (s < 36 * 3600) {
    const halves = Math.round(s / 1800) / 2;
    return [halves < 10 ? halves : Math.round(halves), "h"];
  }
  return [Math.round(s / 8640) / 10, "d"];
}

/** 45 s, 2 min, 3.5 h, 1.8 d: a time that is guessed. */
export function about(seconds) {
  const [value, unit] = rough(seconds);
  return `${value} ${unit}`;
}

/** 1–4 min, 40 s – 2 min. */
export function range(low, high) {
  const [from, fromUnit] = rough(low);
  const [to, toUnit] = rough(high);
  if (toUnit === "min" && low >= 40 && low < 90) {
    return to === 1 ? "1 min" : `1–${to} min`;
  }
  if (fromUnit !== toUnit) {
    // Beside a larger unit, single seconds would pretend to a precision that is not there.
    return `${fromUnit === "s" ? Math.max(5, Math.round(low / 5) * 5) : from} ${fromUnit} – ${to} ${toUnit}`;
  }
  return from === to ? `${to} ${toUnit}` : `${from}–${to} ${toUnit}`;
}

/** The time of day; with the date when that is not the day of `asOf`. */
export function moment(iso, asOf) {
  const at = new Date(iso);
  const sameDay = at.toDateString() === new Date(asOf).toDateString();
  return at.toLocaleString(undefined, sameDay
    ? { hour: "2-digit", minute: "2-digit" }
    : { month: "short", day: "numeric", hour: "2-digit", minute: "2-digit" });
}

/** 12 tasks/s, 4.5 tasks/min: the unit in which the number can be read. */
export function rate(perSecond) {
  const [n, unit] = perSecond >= 1 ? [perSecond, "s"] : perSecond * 60 >= 1 ? [perSecond * 60, "min"] : [perSecond * 3600, "h"];
  const text = n < 10 ? small.format(n) : count(n);
  return `${text} ${text === "1" ? "task" : "tasks"}/${unit}`;
}
