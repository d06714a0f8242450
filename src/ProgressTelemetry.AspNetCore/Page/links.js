/**
 * Where a run is, from the root of the endpoints. The ids "." and ".." would be taken for steps in the path, encoded
 * or not: they get a "~" before them, and so do those that look like that.
 */
export function runPath(id) {
  return `runs/${/^~*\.\.?$/.test(id) ? "~" : ""}${encodeURIComponent(id)}`;
}
