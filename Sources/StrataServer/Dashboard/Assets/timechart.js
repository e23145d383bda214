/// Lines over time, with a limit, a band and a shared cursor.

import { element, shape, onWidth, setText } from "./dom.js";
import { linear, ticks, byteTicks, ceiling, timeStep, relative } from "./scale.js";
import { gapOf, steer } from "./cursor.js";

/// The path of a line; it is interrupted where a value is missing or two are further apart than `gap` seconds.
export function path(points, x, y, gap = Infinity) {
  let text = "";
  let last = null;
  for (const [time, value] of points) {
    if (value == null) { last = null; continue; }
    text += `${last == null || time - last > gap ? "M" : "L"}${x(time).toFixed(1)} ${y(value).toFixed(1)}`;
    last = time;
  }
  return text;
}

/// The area below a line.
export function areaPath(points, x, y, base, gap = Infinity) {
  let text = "";
  let run = [];
  const close = () => {
    if (run.length > 1) text += `M${x(run[0][0]).toFixed(1)} ${base}${path(run, x, y).replace("M", "L")}L${x(run[run.length - 1][0]).toFixed(1)} ${base}Z`;
    run = [];
  };
  for (const point of points) {
    if (point[1] == null || (run.length && point[0] - run[run.length - 1][0] > gap)) close();
    if (point[1] != null) run.push(point);
  }
  close();
  return text;
}

/// The vertical lines and texts of a time axis; times are shown relative to now.
export function timeAxis(group, { from, to, now, x, top, bottom }) {
  const step = timeStep(to - from, Math.max(Math.floor((x(to) - x(from)) / 84), 2));
  const right = x(to);
  for (let time = now - Math.floor((now - from) / step) * step; time <= to + 1e-6; time += step) {
    const place = x(time);
    const isEdge = right - place < 26;
    group.append(
      shape("line", { class: "gridline", x1: place, x2: place, y1: top, y2: bottom }),
      shape("text", { x: isEdge ? Math.min(place + 14, right) : place, y: bottom + 17, "text-anchor": isEdge ? "end" : place - x(from) < 20 ? "start" : "middle" },
        relative(time - now)));
  }
}

/// A chart; `element` goes into a page, `update` draws it.
export class TimeChart {
  #height; #format; #cursor; #label; #svg; #back; #front; #needle; #empty; #width = 0; #data = null; #place = null;

  /// - label: what a screen reader says it is. format: a value as text. cursor: shared with other charts, or none.
  constructor({ label, height = 150, format, cursor = null }) {
    this.#height = height;
    this.#format = format;
    this.#cursor = cursor;
    this.#label = label;
    this.#back = shape("g");
    this.#front = shape("g");
    this.#needle = shape("line", { class: "cursor", visibility: "hidden" });
    this.#svg = shape("svg", { height, role: "img", "aria-label": label }, this.#back, this.#front, this.#needle);
    this.#empty = element("p", { class: "empty", hidden: true });
    this.element = element("div", { class: "chart" }, this.#svg, this.#empty);
    this.element.style.minHeight = `${height}px`;
    onWidth(this.element, (width) => { this.#width = width; this.#draw(); });
    if (cursor) {
      this.element.tabIndex = 0;
      this.element.setAttribute("role", "group");
      this.element.setAttribute("aria-label", `${label}. Arrow keys move through time.`);
      steer(this.element, cursor, () => this.#place);
      cursor.follow(() => this.#point());
    }
  }

  /// data: { from, to, now, gap, series: [{ style, points: [[time, value]], wash, width }], domain, unit: "bytes" or none, limit: { value, text }, band: [[time, low, high]],
  /// bandStyle, empty: text or null, says: text for screen readers }
  update(data) {
    this.#data = data;
    this.#draw();
  }

  #draw() {
    const data = this.#data;
    if (!data || !this.#width) return;
    setText(this.#empty, data.empty ?? "");
    this.#empty.hidden = !data.empty;
    const [low, high] = data.domain ?? this.#domain(data);
    const marks = (data.unit === "bytes" ? byteTicks : ticks)(low, high, Math.max(Math.floor(this.#height / 44), 2));
    const texts = marks.map(this.#format);
    const left = Math.max(...texts.map((text) => text.length)) * 7.5 + 12;
    const top = 10;
    const bottom = this.#height - 24;
    const right = this.#width - 8;
    const x = linear([data.from, data.to], [left, right]);
    const y = linear([low, high], [bottom, top]);
    this.#place = { left, right, from: data.from, to: Math.min(data.to, data.now), top, bottom, x };
    if (data.to > data.now) this.#place.right = x(data.now);
    this.#svg.setAttribute("width", this.#width);
    this.#svg.setAttribute("aria-label", data.says ? `${this.#label}: ${data.says}` : this.#label);
    const back = [];
    const grid = shape("g");
    timeAxis(grid, { from: data.from, to: data.to, now: data.now, x, top, bottom });
    back.push(grid);
    marks.forEach((mark, index) => back.push(
      shape("line", { class: "gridline", x1: left, x2: right, y1: y(mark), y2: y(mark) }),
      shape("text", { x: left - 8, y: y(mark) + 4, "text-anchor": "end" }, texts[index])));
    back.push(shape("line", { class: "axis", x1: left, x2: right, y1: bottom, y2: bottom }));
    this.#back.replaceChildren(...back);
    this.#front.replaceChildren(...this.#shapes(data, x, y, { left, right, top, bottom, low, high }));
    this.#point();
  }

  #domain(data) {
    let most = data.limit?.value ?? 0;
    for (const line of data.series) for (const [, value] of line.points) if (value > most) most = value;
    for (const [, , high] of data.band ?? []) if (high > most) most = high;
    return [0, ceiling(most * 1.04)];
  }

  #shapes(data, x, y, { left, right, top, bottom, low, high }) {
    const shapes = [];
    const clamp = (value) => Math.min(Math.max(value, low), high);
    if (data.band?.length > 1) {
      const upper = data.band.map(([time, , value]) => `${x(time).toFixed(1)} ${y(clamp(value)).toFixed(1)}`);
      const lower = data.band.map(([time, value]) => `${x(time).toFixed(1)} ${y(clamp(value)).toFixed(1)}`).reverse();
      shapes.push(shape("path", { class: `fill band ${data.bandStyle ?? "one"}`, d: `M${upper.concat(lower).join("L")}Z` }));
    }
    for (const line of data.series) {
      if (line.wash) shapes.push(shape("path", { class: `fill wash ${line.style.split(" ")[0]}`, d: areaPath(line.points, x, y, bottom, data.gap) }));
    }
    if (data.limit) {
      const place = y(clamp(data.limit.value));
      shapes.push(
        shape("line", { class: "limit", x1: left, x2: right, y1: place, y2: place }),
        shape("text", { class: "limit-text", x: left + 6, y: place - top < 16 ? place + 16 : place - 6 }, data.limit.text));
    }
    if (data.to > data.now) shapes.push(shape("line", { class: "now", x1: x(data.now), x2: x(data.now), y1: top, y2: bottom }));
    for (const line of data.series) {
      shapes.push(shape("path", { class: `s ${line.style}`, "stroke-width": line.width, d: path(line.points, x, (value) => y(clamp(value)), data.gap) }));
    }
    return shapes;
  }

  #point() {
    const place = this.#place;
    const time = this.#cursor?.time;
    const isShown = place && time != null && time >= place.from && time <= place.to;
    this.#needle.setAttribute("visibility", isShown ? "visible" : "hidden");
    if (!isShown) return;
    for (const [key, value] of [["x1", place.x(time)], ["x2", place.x(time)], ["y1", place.top], ["y2", place.bottom]]) this.#needle.setAttribute(key, value);
  }
}

/// A line without axes, for beside a number.
export class Spark {
  #svg; #width = 0; #style; #data = null;

  constructor(style = "one") {
    this.#style = style;
    this.#svg = shape("svg", { height: 32, "aria-hidden": "true" });
    this.element = element("dd", {}, this.#svg);
    onWidth(this.element, (width) => { this.#width = width; this.#draw(); });
  }

  /// points: [[time, value]]; from, to: the time axis; top: where the scale ends, if not at the largest value; step: seconds from point to point.
  update(points, from, to, top = null, step = 1) {
    this.#data = { points, from, to, top, step };
    this.#draw();
  }

  #draw() {
    if (!this.#width || !this.#data) return;
    const { from, to, top } = this.#data;
    const points = this.#data.points.filter(([time]) => time >= from);
    const gap = gapOf(this.#data.step);
    const most = top ?? points.reduce((found, [, value]) => Math.max(found, value ?? 0), 0);
    const x = linear([from, to], [1, this.#width - 1]);
    const y = linear([0, most > 0 ? most : 1], [30, 3]);
    this.#svg.setAttribute("width", this.#width);
    this.#svg.replaceChildren(
      shape("path", { class: `fill wash ${this.#style}`, d: areaPath(points, x, y, 31, gap) }),
      shape("path", { class: `s ${this.#style}`, "stroke-width": 1.5, d: path(points, x, y, gap) }));
  }
}
