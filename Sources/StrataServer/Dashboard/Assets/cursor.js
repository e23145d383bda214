/// The moment that is being looked at, shared by all pictures with the same time axis; `null` is the newest.
export class Cursor {
  #listeners = new Set();
  time = null;

  set(time) {
    if (time === this.time) return;
    this.time = time;
    for (const listener of this.#listeners) listener();
  }

  follow(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

/// The point that a moment belongs to, of points that stand for `step` seconds each; the newest for no moment.
export function pointAt(points, time, step = 1) {
  return time == null ? points[points.length - 1] : points.find((point) => point.time <= time && time < point.time + step);
}

/// How much time lies between points that are not to be joined by a line.
export function gapOf(step = 1) {
  return 3.5 * step;
}

/// Lets a picture's pointer and arrow keys move a cursor.
///
/// - area(): the picture's { left, right, from, to } in pixels and seconds, or null while it has none.
export function steer(target, cursor, area) {
  const point = (event) => {
    const place = area();
    if (!place) return;
    const x = event.clientX - target.getBoundingClientRect().left;
    if (x < place.left - 4 || x > place.right + 4) return cursor.set(null);
    const part = Math.min(Math.max((x - place.left) / (place.right - place.left), 0), 1);
    cursor.set(Math.round(place.from + part * (place.to - place.from)));
  };
  target.addEventListener("pointermove", point);
  target.addEventListener("pointerdown", point);
  target.addEventListener("pointerleave", () => cursor.set(null));
  target.addEventListener("blur", () => cursor.set(null));
  target.addEventListener("keydown", (event) => {
    const place = area();
    if (!place) return;
    const now = cursor.time ?? place.to;
    const step = Math.max((place.to - place.from) / (event.shiftKey ? 10 : 100), 1);
    const goals = { ArrowLeft: now - step, ArrowRight: now + step, Home: place.from, End: place.to };
    if (event.key in goals) cursor.set(Math.round(Math.min(Math.max(goals[event.key], place.from), place.to)));
    else if (event.key === "Escape") cursor.set(null);
    else return;
    event.preventDefault();
  });
}
