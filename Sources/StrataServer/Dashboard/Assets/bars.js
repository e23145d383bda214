/// Pictures of amounts: bars with bounds of error, columns, parts of a whole.

import { element, shape, setText, tableBehind, onWidth } from "./dom.js";
import { TimeChart } from "./timechart.js";
import { linear, logarithmic, powers, ticks, ceiling } from "./scale.js";
import { count, percent, bytes, latency } from "./format.js";
import { gapOf } from "./cursor.js";

/// A card with a heading, a line that says what is seen, and a body.
export function card(id, title, size, ...body) {
  const says = element("p", { class: "says" });
  const section = element("section", { class: `card ${size}`, "aria-labelledby": `${id}-title`, "data-panel": id },
    element("header", {}, element("h2", { id: `${id}-title` }, title), says), body);
  return { element: section, says: (text) => setText(says, text) };
}

/// The keys asked for most often.
export class HotKeys {
  #card; #bars; #empty; #table;

  constructor(size = "w6") {
    this.#bars = element("div", { class: "bars", "aria-hidden": "true" });
    this.#empty = element("p", { class: "empty" });
    this.#table = tableBehind("Hot keys with their shares and bounds of error");
    this.#card = card("hotkeys", "Hot keys", size, this.#bars, this.#empty, this.#table.details);
    this.element = this.#card.element;
  }

  /// hot: { map, total, overcount, keys: [{ text, count, overcount, samplingError, share }], hidden }
  update(hot) {
    const keys = hot?.keys ?? [];
    this.#empty.hidden = keys.length > 0;
    setText(this.#empty, hot?.hidden ?? "No key has been asked for in the last minutes. Keys that are asked for often appear here, with how sure their share is.");
    this.#card.says(keys.length ? `share of requests in ${hot.map}, about the last minute` : "");
    this.#table.details.hidden = !keys.length;
    const shown = keys.slice(0, 10).map((key) => ({ ...key, ...bounds(key, hot.total) }));
    const most = Math.max(...shown.map((key) => key.high), 0.001);
    this.#bars.replaceChildren(...shown.map((key) => {
      const at = (value) => `${(100 * Math.min(value / most, 1)).toFixed(2)}%`;
      return element("div", { class: "bar" },
        element("span", { class: "name code", title: key.text }, key.text),
        shape("svg", { height: 18 },
          shape("rect", { class: "fill one", x: 0, y: 3, height: 12, width: at(key.share), rx: 3 }),
          shape("line", { class: "error", x1: at(key.low), x2: at(key.high), y1: 9, y2: 9 }),
          shape("line", { class: "error", x1: at(key.low), x2: at(key.low), y1: 5, y2: 13 }),
          shape("line", { class: "error", x1: at(key.high), x2: at(key.high), y1: 5, y2: 13 })),
        element("span", { class: "amount" }, percent(key.share)));
    }));
    this.#table.update(() => [["Key", "Share", "At least", "At most"], keys.map((key) => {
      const { low, high } = bounds(key, hot.total);
      return [key.text, percent(key.share), percent(low), percent(high)];
    })]);
  }
}

/// A count may be too high by what its counter held before, and off either way by the sampling.
function bounds(key, total) {
  if (!(total > 0)) return { low: 0, high: key.share };
  return {
    low: Math.max((key.count - key.overcount - 2 * key.samplingError) / total, 0),
    high: Math.min((key.count + 2 * key.samplingError) / total, 1),
  };
}

/// Columns beside each other with their mean as a line: shards, probe lengths.
export class Columns {
  #svg; #width = 0; #data = null; #height;

  constructor(label, height = 150) {
    this.#height = height;
    this.#svg = shape("svg", { height, role: "img", "aria-label": label });
    this.element = element("div", { class: "chart" }, this.#svg);
    this.element.style.minHeight = `${height}px`;
    onWidth(this.element, (width) => { this.#width = width; this.#draw(); });
  }

  /// data: { values, dots, mean, format, names: index to text, axis: what is below }
  update(data) {
    this.#data = data;
    this.#draw();
  }

  #draw() {
    if (!this.#width || !this.#data) return;
    const { values, dots, mean, format = count, names, axis } = this.#data;
    const most = ceiling(Math.max(...values, ...(dots ?? []), 0));
    const marks = ticks(0, most, 3);
    const left = Math.max(...marks.map((mark) => format(mark).length)) * 7.5 + 12;
    const right = this.#width - 6;
    const top = 10;
    const bottom = this.#height - 24;
    const y = linear([0, most], [bottom, top]);
    const each = (right - left) / Math.max(values.length, 1);
    const gap = each > 6 ? Math.min(each * 0.22, 8) : each > 3 ? 1 : 0;
    const shapes = marks.flatMap((mark) => [
      shape("line", { class: "gridline", x1: left, x2: right, y1: y(mark), y2: y(mark) }),
      shape("text", { x: left - 8, y: y(mark) + 4, "text-anchor": "end" }, format(mark))]);
    values.forEach((value, index) => shapes.push(shape("rect", {
      class: "fill one", x: (left + index * each + gap / 2).toFixed(2), width: Math.max(each - gap, 0.5).toFixed(2), y: y(value).toFixed(1),
      height: Math.max(bottom - y(value), value > 0 ? 1 : 0).toFixed(1) })));
    (dots ?? []).forEach((value, index) => shapes.push(
      shape("circle", { class: "fill two", cx: left + (index + 0.5) * each, cy: y(value), r: Math.max(Math.min(each / 3, 3.5), 1.5) })));
    if (mean != null) shapes.push(shape("line", { class: "error", "stroke-dasharray": "5 4", x1: left, x2: right, y1: y(mean), y2: y(mean) }));
    shapes.push(shape("line", { class: "axis", x1: left, x2: right, y1: bottom, y2: bottom }));
    if (names) {
      const skip = Math.ceil(34 / each);
      values.forEach((_, index) => {
        if (index % skip === 0) shapes.push(shape("text", { x: left + (index + 0.5) * each, y: bottom + 17, "text-anchor": "middle" }, names(index)));
      });
    }
    if (axis) shapes.push(shape("text", { x: (left + right) / 2, y: bottom + 17, "text-anchor": "middle" }, axis));
    this.#svg.setAttribute("width", this.#width);
    this.#svg.replaceChildren(...shapes);
  }
}

/// How evenly entries and requests are spread over the shards.
export class Shards {
  #card; #columns; #legend; #empty; #table;

  constructor(size = "w4") {
    this.#columns = new Columns("Entries and requests by shard", 190);
    this.#empty = element("p", { class: "empty" });
    this.#legend = element("ul", { class: "legend" },
      element("li", {}, element("span", { class: "swatch one" }), "entries"), element("li", {}, dot(), "requests"),
      element("li", {}, dash(), "evenly spread"));
    this.#table = tableBehind("Entries and requests of each shard, compared with the mean");
    this.#card = card("shards", "Spread over shards", size, this.#columns.element, this.#empty, this.#legend, this.#table.details);
    this.element = this.#card.element;
  }

  /// shards: { map, counts, requests, imbalance, requestImbalance }
  update(shards) {
    const total = (shards?.counts ?? []).reduce((sum, value) => sum + value, 0);
    const isEmpty = total === 0;
    this.#empty.hidden = !isEmpty;
    this.#columns.element.hidden = this.#legend.hidden = this.#table.details.hidden = isEmpty;
    setText(this.#empty, isEmpty ? "Nothing is stored yet. Entries are spread over shards by hash; here is how evenly." : "");
    this.#card.says(isEmpty ? "" : `${shards.map} · fullest ${(shards.imbalance ?? 1).toFixed(2)} × the mean`
      + (shards.requestImbalance ? ` · busiest ${shards.requestImbalance.toFixed(2)} ×` : ""));
    if (isEmpty) return;
    const share = (values) => {
      const sum = values.reduce((all, value) => all + value, 0);
      return sum > 0 ? values.map((value) => value * values.length / sum) : null;
    };
    const entries = share(shards.counts);
    const requests = shards.requests?.length === shards.counts.length ? share(shards.requests) : null;
    this.#legend.children[1].hidden = !requests;
    this.#columns.update({ values: entries, dots: requests, mean: 1, format: (value) => `${Number(value.toFixed(2))} ×`, axis: `${entries.length} shards` });
    this.#table.update(() => [["Shard", "Entries", "× mean", "Requests × mean"], entries.map((value, index) =>
      [index + 1, count(shards.counts[index]), value.toFixed(2), requests ? requests[index].toFixed(2) : "–"])]);
  }
}

function dot() {
  return shape("svg", { width: 12, height: 12, "aria-hidden": "true" }, shape("circle", { class: "fill two", cx: 6, cy: 6, r: 3.5 }));
}

function dash() {
  return shape("svg", { width: 20, height: 12, "aria-hidden": "true" }, shape("line", { class: "error", "stroke-dasharray": "5 4", x1: 0, x2: 20, y1: 6, y2: 6 }));
}

/// Parts of a whole as one bar, and a legend that names them.
export class Stack {
  #bar; #legend;

  constructor(label) {
    this.#bar = element("div", { class: "stack", role: "img", "aria-label": label });
    this.#legend = element("ul", { class: "legend" });
    this.element = element("div", {}, this.#bar, this.#legend);
  }

  /// parts: [{ name, share, style, text }]
  update(parts, says) {
    this.#bar.setAttribute("aria-label", says);
    while (this.#bar.children.length > parts.length) this.#bar.lastChild.remove();
    parts.forEach((part, index) => {
      const span = this.#bar.children[index] ?? this.#bar.appendChild(element("span"));
      span.className = part.style;
      span.style.flex = `${Math.max(part.share, 0)} 1 0`;
    });
    this.#legend.replaceChildren(...parts.map((part) =>
      element("li", {}, element("span", { class: `swatch ${part.style}` }), element("span", {}, `${part.name} `, element("b", {}, part.text)))));
  }
}

/// What memory is used for.
export class Memory {
  #card; #stack; #empty; #table; #chart;

  constructor(cursor, size = "w4") {
    this.#stack = new Stack("Memory by encoding");
    this.#chart = new TimeChart({ label: "Memory over time", height: 130, format: bytes, cursor });
    this.#chart.element.style.marginTop = "14px";
    this.#empty = element("p", { class: "empty" });
    this.#table = tableBehind("Memory by encoding");
    this.#card = card("memory", "Memory by encoding", size, this.#stack.element, this.#empty, this.#chart.element, this.#table.details);
    this.element = this.#card.element;
  }

  /// memory: { used, limit, parts: [{ name, bytes, count }] }; frame: { points, from, now, step }
  update(memory, { points, from, now, step }) {
    this.#chart.update({ from, to: now, now, gap: gapOf(step), unit: "bytes", domain: [0, Math.max(memory?.limit ? memory.limit * 1.15 : 0, ...points.map((point) => (point.memory ?? 0) * 1.25), 1024)],
      limit: memory?.limit ? { value: memory.limit, text: `limit ${bytes(memory.limit)}` } : null,
      series: [{ style: "four", wash: true, points: points.map((point) => [point.time, point.memory ?? null]) }] });
    const parts = (memory?.parts ?? []).filter((part) => part.bytes > 0);
    const isEmpty = !parts.length;
    this.#empty.hidden = !isEmpty;
    this.#stack.element.hidden = this.#table.details.hidden = isEmpty;
    setText(this.#empty, isEmpty ? "Nothing is stored yet." : "");
    this.#card.says(memory?.limit ? `${bytes(memory.used)} of ${bytes(memory.limit)}` : `${bytes(memory?.used)}, no limit set`);
    if (isEmpty) return;
    const whole = Math.max(memory.limit ?? 0, parts.reduce((sum, part) => sum + part.bytes, 0));
    const styles = ["one", "two", "three", "four"];
    const shown = parts.map((part, index) => ({
      name: part.name, share: part.bytes / whole, style: styles[index] ?? "rest", text: bytes(part.bytes) }));
    const free = whole - parts.reduce((sum, part) => sum + part.bytes, 0);
    if (memory.limit && free > 0) shown.push({ name: "free", share: free / whole, style: "none", text: bytes(free) });
    this.#stack.update(shown, `Memory by encoding: ${shown.map((part) => `${part.name} ${part.text}`).join(", ")}`);
    this.#table.update(() => [["Encoding", "Bytes", "Entries", "Bytes per entry"], parts.map((part) =>
      [part.name, bytes(part.bytes), part.count == null ? "–" : count(part.count), part.count ? bytes(part.bytes / part.count) : "–"])]);
  }
}

/// How long each kind of operation takes: from the middle one to the slowest of ten thousand.
export class Operations {
  #card; #chart; #svg; #width = 0; #operations = []; #empty; #legend; #table;

  constructor() {
    this.#svg = shape("svg", { height: 60, role: "img", "aria-label": "Latency by operation" });
    this.#chart = element("div", { class: "chart" }, this.#svg);
    this.#empty = element("p", { class: "empty" }, "No operations yet.");
    this.#legend = element("ul", { class: "legend" }, ["P50", "P99", "P99.99"].map((name, index) =>
      element("li", {}, shape("svg", { width: 14, height: 14, "aria-hidden": "true" }, sign(index, 7, 7)), name)));
    this.#table = tableBehind("Operations with their rates and latencies");
    this.#card = card("operations", "Operations", "w6", this.#chart, this.#empty, this.#legend, this.#table.details);
    this.element = this.#card.element;
    onWidth(this.#chart, (width) => { this.#width = width; this.#draw(); });
  }

  /// operations: [{ name, perSecond, p50, p99, p9999 }]
  update(operations) {
    this.#operations = operations.filter((operation) => operation.p50 != null);
    const isEmpty = !this.#operations.length;
    this.#empty.hidden = !isEmpty;
    this.#chart.hidden = this.#legend.hidden = this.#table.details.hidden = isEmpty;
    this.#table.update(() => [["Operation", "Per second", "P50", "P99", "P99.99"], this.#operations.map((each) =>
      [each.name, count(each.perSecond), latency(each.p50), latency(each.p99), latency(each.p9999)])]);
    this.#draw();
  }

  #draw() {
    const operations = this.#operations;
    if (!this.#width || !operations.length) return;
    const left = 128;
    const right = this.#width - 12;
    const each = 44;
    const bottom = operations.length * each + 6;
    const low = 10 ** Math.floor(Math.log10(Math.min(...operations.map((operation) => operation.p50))));
    const high = 10 ** Math.ceil(Math.log10(Math.max(...operations.map((operation) => operation.p9999), low * 10)));
    const x = logarithmic([low, high], [left, right]);
    const marks = powers(low, high);
    const skip = Math.ceil(52 / ((right - left) / Math.max(marks.length - 1, 1)));
    const shapes = marks.flatMap((mark, index) => [
      shape("line", { class: "gridline", x1: x(mark), x2: x(mark), y1: 4, y2: bottom }),
      index % skip ? null : shape("text", { x: Math.min(x(mark), right - 14), y: bottom + 17, "text-anchor": "middle" }, latency(mark))]);
    operations.forEach((operation, index) => {
      const y = index * each + each / 2 + 2;
      shapes.push(
        shape("text", { class: "label", x: 0, y: y - 1 }, operation.name), shape("text", { x: 0, y: y + 14 }, `${count(operation.perSecond)}/s`),
        shape("line", { class: "s one", x1: x(operation.p50), x2: x(operation.p9999), y1: y, y2: y }),
        ...[operation.p50, operation.p99, operation.p9999].map((value, kind) => sign(kind, x(value), y)));
    });
    this.#svg.setAttribute("width", this.#width);
    this.#svg.setAttribute("height", bottom + 24);
    this.#svg.replaceChildren(...shapes.filter((each) => each));
  }
}

/// A percentile's mark: a full circle, a bar, an open circle.
function sign(kind, x, y) {
  if (kind === 1) return shape("rect", { class: "fill two", x: x - 2, y: y - 8, width: 4, height: 16 });
  return shape("circle", { class: kind === 0 ? "fill one" : "hollow", cx: x, cy: y, r: kind === 0 ? 5.5 : 4.5 });
}
