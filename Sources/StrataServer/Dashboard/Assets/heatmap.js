/// Latencies by time: how many requests took how long, second by second, with the percentiles over it and, above, what happened inside.

import { element, shape, onWidth, setText, tableBehind } from "./dom.js";
import { linear, logarithmic, powers } from "./scale.js";
import { timeAxis, path } from "./timechart.js";
import { kinds, mark, markSample } from "./events.js";
import { gapOf, pointAt, steer } from "./cursor.js";
import { count, latency, clock } from "./format.js";
import { ramp } from "./theme.js";

/// By how many seconds a column stands for.
const titles = { 1: "Latency, second by second", 10: "Latency, ten seconds at a time", 300: "Latency, five minutes at a time" };

const lane = 30;
const plotHeight = 260;
const below = 26;

/// The percentiles drawn: name, part, width and dash of the line; how many seconds to either side it is taken over, because single seconds are too
/// restless to read and have too few of the slowest; and how many requests it takes for it to mean something, of which one in sixteen is timed.
const quantiles = [
  { name: "P50", part: 0.5, width: 2.4, reach: 2, least: 1 },
  { name: "P90", part: 0.9, width: 1.2, reach: 2, least: 160 },
  { name: "P99", part: 0.99, width: 2, dash: "7 3", reach: 2, least: 1600 },
  { name: "P99.9", part: 0.999, width: 1.4, dash: "3 3", reach: 5, least: 16000 },
  { name: "P99.99", part: 0.9999, width: 1.6, dash: "1 3", reach: 15, least: 160000 },
];

export class HeatMap {
  #cursor; #canvas; #title; #svg; #back; #front; #needle; #says; #legend; #empty; #table; #chart; #width = 0; #model = null; #place = null;

  constructor(cursor) {
    this.#cursor = cursor;
    this.#canvas = element("canvas", { "aria-hidden": "true" });
    this.#back = shape("g");
    this.#front = shape("g");
    this.#needle = shape("line", { class: "cursor", visibility: "hidden" });
    this.#svg = shape("svg", { height: lane + plotHeight + below, role: "img", "aria-label": "Latency over time" }, this.#back, this.#front, this.#needle);
    this.#svg.style.position = "relative";
    this.#empty = element("p", { class: "empty", hidden: true });
    this.#chart = element("div", { class: "chart", tabindex: 0, role: "group", "aria-label": "Latency over time. Arrow keys move through time." },
      this.#canvas, this.#svg, this.#empty);
    this.#says = element("p", { class: "says" });
    this.#title = element("h2", { id: "latency-title" }, titles[1]);
    this.#legend = element("ul", { class: "legend" });
    this.#table = tableBehind("Latency percentiles over time, newest first");
    this.element = element("section", { class: "card w12", "aria-labelledby": "latency-title", "data-panel": "latency" },
      element("header", {}, this.#title, this.#says),
      this.#chart, this.#legend, this.#table.details);
    onWidth(this.#chart, (width) => { this.#width = width; this.#draw(); });
    steer(this.#chart, cursor, () => this.#place);
    cursor.follow(() => this.#point());
  }

  /// model: { points, events, bounds, from, now, step, emptyText }; a point stands for `step` seconds.
  update(model) {
    this.#model = model;
    this.#draw();
  }

  #draw() {
    const model = this.#model;
    if (!model || !this.#width) return;
    const { step = 1 } = model;
    setText(this.#title, titles[step] ?? titles[1]);
    const rows = usedRows(model.points, model.bounds);
    const lines = percentileLines(model.points, model.bounds);
    const left = 58;
    const right = this.#width - 58;
    const top = lane;
    const bottom = lane + plotHeight;
    const x = linear([model.from, model.now + 1], [left, right]);
    const y = logarithmic([edge(model.bounds, rows.first), edge(model.bounds, rows.last + 1)], [bottom, top]);
    this.#place = { left, right, from: model.from, to: model.now, top, bottom, x };
    this.#svg.setAttribute("width", this.#width);
    this.#paint(model, x, y, { left, right, top, bottom });
    this.#back.replaceChildren(...this.#axes(model, rows, x, y, { left, right, top, bottom }));
    this.#front.replaceChildren(
      ...this.#lines(lines, x, (value) => Math.min(Math.max(y(value), top), bottom), right, step), ...this.#events(model, x, { left, right, top, bottom }));
    const isEmpty = !model.points.some((point) => point.heat?.length);
    this.#empty.hidden = !isEmpty;
    setText(this.#empty, isEmpty ? model.emptyText : "");
    this.#drawLegend(model, isEmpty);
    this.#table.update(() => [
      ["Time", "Requests/s", ...quantiles.map((quantile) => quantile.name), "Events"],
      model.points.slice(-60).reverse().map((point) => [
        clock(point.time), count(point.requests), ...lines.map((line) => latency(line.at.get(point.time))),
        model.events.filter((event) => event.time >= point.time && event.time < point.time + step).map((event) => event.text).join("; "),
      ]),
    ]);
    this.#lastLines = lines;
    this.#point();
  }

  #lastLines = [];

  #paint(model, x, y, { left, right, top, bottom }) {
    const scale = window.devicePixelRatio || 1;
    const width = right - left;
    const height = bottom - top;
    const canvas = this.#canvas;
    if (canvas.width !== Math.round(width * scale) || canvas.height !== Math.round(height * scale)) {
      canvas.width = Math.round(width * scale);
      canvas.height = Math.round(height * scale);
      Object.assign(canvas.style, { left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` });
    }
    const context = canvas.getContext("2d");
    context.clearRect(0, 0, canvas.width, canvas.height);
    const most = Math.log1p(mostCounted(model.points));
    const colours = ramp();
    const place = (value) => Math.round((value - top) * scale);
    for (const point of model.points) {
      if (point.time + (model.step ?? 1) <= model.from) continue;
      const start = Math.round((x(point.time) - left) * scale);
      const end = Math.max(Math.round((x(point.time + (model.step ?? 1)) - left) * scale), start + 1);
      for (let index = 0; index < (point.heat?.length ?? 0); index += 2) {
        const row = point.heat[index];
        const part = most > 0 ? Math.log1p(point.heat[index + 1]) / most : 0;
        context.fillStyle = colours[Math.min(Math.floor(part * colours.length), colours.length - 1)];
        const upper = place(y(edge(model.bounds, row + 1)));
        context.fillRect(start, upper, end - start, Math.max(place(y(edge(model.bounds, row))) - upper, 1));
      }
    }
  }

  #axes(model, rows, x, y, { left, right, top, bottom }) {
    const shapes = [];
    for (const value of powers(edge(model.bounds, rows.first), edge(model.bounds, rows.last + 1))) {
      shapes.push(
        shape("line", { class: "gridline", x1: left, x2: right, y1: y(value), y2: y(value) }),
        shape("text", { x: left - 8, y: y(value) + 4, "text-anchor": "end" }, latency(value)));
    }
    const grid = shape("g");
    timeAxis(grid, { from: model.from, to: model.now, now: model.now, x, top, bottom });
    shapes.push(grid, shape("line", { class: "axis", x1: left, x2: right, y1: bottom, y2: bottom }),
      shape("line", { class: "axis", x1: left, x2: right, y1: top, y2: top }));
    return shapes;
  }

  #lines(lines, x, y, right, step) {
    const shapes = [];
    for (const line of lines) {
      const d = path(line.points.map(([time, value]) => [time + step / 2, value]), (time) => Math.min(x(time), right), y, gapOf(step));
      if (!d) continue;
      shapes.push(shape("path", { class: "p-halo", d }),
        shape("path", { class: "p-line", "stroke-width": line.width, "stroke-dasharray": line.dash, d }));
    }
    // Names at the ends, pushed apart from below.
    let last = Infinity;
    for (const line of lines) {
      const end = line.points.findLast(([, value]) => value != null);
      if (!end) continue;
      const place = Math.min(y(end[1]) + 4, last - 13);
      last = place;
      shapes.push(shape("text", { class: "p-label", x: right + 6, y: Math.max(place, lane + 10) }, line.name));
    }
    return shapes;
  }

  #events(model, x, { left, right, top, bottom }) {
    const shapes = [];
    let last = -Infinity;
    for (const event of model.events) {
      const start = Math.max(x(event.time), left);
      const end = Math.min(x(event.until ?? event.time), right);
      if (end < left || start > right) continue;
      shapes.push(shape("line", { class: "event-line", x1: start, x2: start, y1: top, y2: bottom }));
      if (event.until > event.time) {
        shapes.push(shape("rect", { class: "span", x: start, y: top - 5, width: Math.max(end - start, 2), height: 4 }),
          shape("line", { class: "event-line", x1: end, x2: end, y1: top, y2: bottom }));
      }
      // Of marks that would lie on each other the first stands for all; the line and the table have the rest.
      if (start - last < 13) continue;
      last = start;
      shapes.push(shape("g", {}, shape("title", {}, event.text), mark(event.kind, Math.min(Math.max(start, left + 7), right - 7), lane / 2 - 3)));
    }
    return shapes;
  }

  #drawLegend(model, isEmpty) {
    const found = new Map();
    for (const event of model.events) if (event.time >= model.from) found.set(event.kind, (found.get(event.kind) ?? 0) + 1);
    const signature = JSON.stringify([...found, isEmpty, ramp()[0]]);
    if (signature === this.#legend.dataset.signature) return;
    this.#legend.dataset.signature = signature;
    const strip = element("canvas", { class: "ramp", width: 84, height: 10, "aria-hidden": "true" });
    const context = strip.getContext("2d");
    ramp().forEach((colour, index, all) => {
      context.fillStyle = colour;
      context.fillRect(Math.floor(index * 84 / all.length), 0, Math.ceil(84 / all.length), 10);
    });
    this.#legend.replaceChildren(
      element("li", {}, "few", strip, "many requests"),
      ...[...found].map(([kind, times]) => element("li", {}, markSample(kind), `${kinds[kind]?.word ?? kind}${times > 1 ? ` × ${times}` : ""}`)));
  }

  #point() {
    const { points, events } = this.#model ?? {};
    const place = this.#place;
    if (!place || !points) return;
    const time = this.#cursor.time;
    const isShown = time != null && time >= place.from && time <= place.to;
    this.#needle.setAttribute("visibility", isShown ? "visible" : "hidden");
    const point = pointAt(points, isShown ? time : null, this.#model.step);
    if (isShown) for (const [key, value] of [["x1", place.x(time + 0.5)], ["x2", place.x(time + 0.5)], ["y1", place.top], ["y2", place.bottom]]) this.#needle.setAttribute(key, value);
    if (!point) return setText(this.#says, isShown ? `${clock(time)}: nothing was recorded` : "");
    const parts = [isShown ? clock(time) : "Now", `${count(point.requests)}/s`];
    for (const line of this.#lastLines) {
      const value = line.at.get(point.time);
      if (value != null && ["P50", "P99", "P99.99"].includes(line.name)) parts.push(`${line.name} ${latency(value)}`);
    }
    const happened = isShown ? events.filter((event) => time >= Math.floor(event.time) && time <= (event.until ?? event.time)) : [];
    setText(this.#says, parts.concat(happened.map((event) => event.text)).join(" · "));
  }
}

/// The lower bound of a row; the first row and the one after the last have none of their own.
function edge(bounds, row) {
  if (row <= 0) return bounds[1] / 1.5;
  return row < bounds.length ? bounds[row] : bounds[bounds.length - 1] * 1.5;
}

function usedRows(points, bounds) {
  let first = Infinity;
  let last = -Infinity;
  for (const { heat } of points) {
    for (let index = 0; index < (heat?.length ?? 0); index += 2) {
      first = Math.min(first, heat[index]);
      last = Math.max(last, heat[index]);
    }
  }
  if (first > last) return { first: 5, last: Math.min(29, bounds.length - 1) };
  // Two powers of ten at least, or noise would look like drama.
  while (last - first < 13) {
    if (last < bounds.length - 1) last += 1;
    if (last - first < 13 && first > 0) first -= 1;
  }
  return { first, last: Math.min(last + 1, bounds.length - 1) };
}

function mostCounted(points) {
  let most = 0;
  for (const { heat } of points) for (let index = 1; index < (heat?.length ?? 0); index += 2) most = Math.max(most, heat[index]);
  return most;
}

function percentileLines(points, bounds) {
  const lines = quantiles.map((quantile) => ({ ...quantile, points: [], at: new Map() }));
  points.forEach((point, index) => {
    const sums = new Float64Array(bounds.length);
    let total = 0;
    let next = 0;
    for (const line of lines) {
      // Each reaches at least as far as the one before.
      for (; next <= line.reach; next += 1) {
        for (const other of next === 0 ? [point] : [points[index - next], points[index + next]]) {
          if (!other || Math.abs(other.time - point.time) > line.reach) continue;
          for (let place = 0; place < (other.heat?.length ?? 0); place += 2) {
            sums[other.heat[place]] += other.heat[place + 1];
            total += other.heat[place + 1];
          }
        }
      }
      const value = point.heat?.length && total >= line.least ? quantileOf(sums, total, line.part, bounds) : null;
      line.points.push([point.time, value]);
      if (value != null) line.at.set(point.time, value);
    }
  });
  return lines;
}

/// Within a row durations are taken to be spread evenly on the logarithmic scale.
function quantileOf(sums, total, part, bounds) {
  let left = total * part;
  for (let row = 0; row < sums.length; row += 1) {
    if (sums[row] > 0 && left <= sums[row]) {
      const low = edge(bounds, row);
      return low * (edge(bounds, row + 1) / low) ** (left / sums[row]);
    }
    left -= sums[row];
  }
  return edge(bounds, sums.length);
}
