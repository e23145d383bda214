/// The panels with lines over time: hits by tier, windows, forecast, connections and load.

import { element, shape, setText, tableBehind } from "./dom.js";
import { TimeChart } from "./timechart.js";
import { Stack, card } from "./bars.js";
import { gapOf, pointAt } from "./cursor.js";
import { count, bytes, percent, duration, clock } from "./format.js";

const tierStyles = ["one", "three", "four", "rest"];
const plain = (value) => `${Number((value * 100).toFixed(value > 0 && value < 0.01 ? 2 : 1))} %`;

/// A line of a legend: how a series is drawn, its name and its figure.
export function key(style, name, text) {
  return element("li", {}, shape("svg", { width: 22, height: 10, "aria-hidden": "true" }, shape("line", { class: `s ${style}`, x1: 1, x2: 21, y1: 5, y2: 5 })),
    element("span", {}, `${name} `, element("b", {}, text)));
}

/// Who answered: the near tier, the next ones, or nobody.
export class Tiers {
  #card; #stack; #chart; #chips; #cursor; #model = null; #table;

  constructor(cursor) {
    this.#cursor = cursor;
    this.#stack = new Stack("Requests by the tier that answered");
    this.#chart = new TimeChart({ label: "Hit ratio over time", height: 150, format: (value) => plain(value), cursor });
    this.#chips = element("ul", { class: "chips", "aria-label": "Circuit breakers" });
    this.#table = tableBehind("Hit ratio by tier over time, newest first");
    this.#card = card("tiers", "Hit ratio by tier", "w6", this.#stack.element, this.#chart.element, this.#chips, this.#table.details);
    this.#stack.element.style.marginBottom = "14px";
    this.element = this.#card.element;
    cursor.follow(() => this.#say());
  }

  update(model) {
    this.#model = model;
    const { state, points } = model;
    const tiers = state.tiers;
    const isEmpty = !state.lookups;
    this.#stack.element.hidden = isEmpty;
    this.#stack.update(
      tiers.map((tier, index) => ({ name: tier.label, share: tier.share ?? 0, style: tier.isMiss ? "none" : tierStyles[index] ?? "rest", text: percent(tier.share ?? 0) })),
      `Of ${count(state.lookups)} lookups in the last minute: ${tiers.map((tier) => `${tier.label} ${percent(tier.share ?? 0)}`).join(", ")}`);
    const answering = tiers.map((tier, index) => ({ tier, index })).filter(({ tier }) => !tier.isMiss);
    this.#chart.update({
      from: model.from, to: model.now, now: model.now, gap: gapOf(model.step), domain: [0, 1],
      series: answering.map(({ index }) => ({
        style: `${tierStyles[index] ?? "rest"}${index % 2 ? " dashed" : ""}`, wash: index === 0, points: points.map((point) => [point.time, point.tiers?.[index] ?? null]) })),
      empty: points.some((point) => point.tiers?.some((share) => share != null)) ? null
        : "Nobody has looked anything up yet. The share of lookups that each tier answers appears here.",
      says: answering.map(({ tier }) => `${tier.label} ${percent(tier.share)}`).join(", "),
    });
    this.#chips.hidden = !state.breakers?.length;
    const words = { closed: "closed", halfOpen: "on trial", open: "open" };
    this.#chips.replaceChildren(...(state.breakers ?? []).slice(0, 12).map((breaker) =>
      element("li", { class: "chip", "data-state": breaker.state }, `breaker ${breaker.name}: ${words[breaker.state] ?? breaker.state}`)));
    this.#table.update(() => [["Time", ...tiers.map((tier) => tier.label)], points.slice(-60).reverse().map((point) =>
      [clock(point.time), ...tiers.map((_, index) => percent(point.tiers?.[index]))])]);
    this.#say();
  }

  #say() {
    if (!this.#model) return;
    const { state, points } = this.#model;
    if (this.#cursor.time == null) return this.#card.says(state.lookups ? `${count(state.lookups)} lookups in the last minute` : "");
    const point = pointAt(points, this.#cursor.time, this.#model.step);
    this.#card.says(`${clock(this.#cursor.time)} · ${state.tiers.map((tier, index) => `${tier.label} ${percent(point?.tiers?.[index])}`).join(" · ")}`);
  }
}

/// Collisions and load factor, second by second, and over longer windows.
export class Windows {
  #card; #collisions; #loads; #legends; #cursor; #model = null; #table;

  constructor(cursor, size = "w6") {
    this.#cursor = cursor;
    this.#collisions = new TimeChart({ label: "Collision rate over time", height: 118, format: plain, cursor });
    this.#loads = new TimeChart({ label: "Load factor over time", height: 118, format: plain, cursor });
    this.#legends = [element("ul", { class: "legend" }), element("ul", { class: "legend" })];
    this.#table = tableBehind("Collision rate and load factor over time, newest first");
    this.#card = card("windows", "How well the tables are doing", size, this.#collisions.element, this.#legends[0], this.#loads.element, this.#legends[1], this.#table.details);
    this.#legends[0].style.margin = "4px 0 12px";
    this.#legends[1].style.marginTop = "4px";
    this.element = this.#card.element;
    cursor.follow(() => this.#say());
  }

  /// model: { points with collision and loadFactor, windows: [{ name, spans: [{ label, value }] }], from, now }
  update(model) {
    this.#model = model;
    const { points, windows } = model;
    const base = { from: model.from, to: model.now, now: model.now, gap: gapOf(model.step) };
    const highest = Math.max(...points.map((point) => point.collision ?? 0), 0.02);
    this.#collisions.update({ ...base, domain: [0, [0.05, 0.1, 0.2, 0.5, 1].find((top) => top >= highest) ?? 1], series: [{ style: "two", wash: true, points: points.map((point) => [point.time, point.collision ?? null]) }],
      empty: points.some((point) => point.collision != null) ? null : "No table holds entries yet." });
    this.#loads.update({ ...base, domain: [0, 1], limit: { value: 0.875, text: "tables grow at 87.5 %" },
      series: [{ style: "one", wash: true, points: points.map((point) => [point.time, point.loadFactor ?? null]) }] });
    const spans = (name) => windows.find((window) => window.name === name)?.spans ?? [];
    const list = (name, style, title) => [key(style, title, ""), ...spans(name).map((span) => element("li", {}, element("span", {}, `${span.label} `, element("b", {}, span.value == null ? "–" : percent(span.value)))))];
    this.#legends[0].replaceChildren(...list("collision", "two", "entries not in the first place looked at:"));
    this.#legends[1].replaceChildren(...list("loadFactor", "one", "part of the slots in use:"));
    this.#table.update(() => [["Time", "Collision rate", "Load factor"], points.slice(-60).reverse().map((point) =>
      [clock(point.time), percent(point.collision), percent(point.loadFactor)])]);
    this.#say();
  }

  #say() {
    if (!this.#model) return;
    const point = pointAt(this.#model.points, this.#cursor.time, this.#model.step);
    const isNow = this.#cursor.time == null;
    this.#card.says(point && point.loadFactor != null
      ? `${isNow ? "Now" : clock(this.#cursor.time)} · collisions ${percent(point.collision)} · load factor ${percent(point.loadFactor)}` : "");
  }
}

/// When a limit will be reached.
export class Forecast {
  #card; #chart; #legend; #select; #empty; #chosen = null; #model = null; #table;

  constructor(size = "w6") {
    this.#chart = new TimeChart({ label: "Forecast", height: 220, format: (value) => this.#format(value) });
    this.#legend = element("ul", { class: "legend" });
    this.#empty = element("p", { class: "empty" });
    this.#select = element("select", { "aria-label": "What the forecast is of", onchange: () => { this.#chosen = this.#select.value; this.#draw(); } });
    this.#table = tableBehind("Forecasts, the most urgent first");
    this.#card = card("forecast", "What is going to be full, and when", size, this.#select, this.#chart.element, this.#empty, this.#legend, this.#table.details);
    this.element = this.#card.element;
  }

  #format = count;

  #why = "";

  /// forecasts: [{ name, title, unit, level, limit, limitText, secondsLeft, earliest, latest, confidence, warning, shape, text, history, course }], most urgent first
  update(forecasts, now, why = "There is no limit to run into: no memory limit is set. With --max-memory, the time until it is reached appears here.") {
    this.#why = why;
    this.#model = { forecasts: forecasts ?? [], now };
    this.#draw();
  }

  #draw() {
    const { forecasts, now } = this.#model;
    const names = forecasts.map((forecast) => forecast.name);
    if (names.join("\n") !== [...this.#select.options].map((option) => option.value).join("\n")) {
      this.#select.replaceChildren(...forecasts.map((forecast) => element("option", { value: forecast.name }, forecast.title)));
    }
    const chosen = forecasts.find((forecast) => forecast.name === this.#chosen) ?? forecasts[0];
    if (chosen) this.#select.value = chosen.name;
    this.#select.hidden = forecasts.length < 2;
    const isEmpty = !chosen;
    this.#empty.hidden = !isEmpty;
    this.#chart.element.hidden = this.#legend.hidden = this.#table.details.hidden = isEmpty;
    setText(this.#empty, isEmpty ? this.#why : "");
    if (isEmpty) return this.#card.says("");
    this.#format = chosen.unit === "bytes" ? bytes : chosen.unit === "ratio" ? plain : count;
    this.#card.says(chosen.text);
    const course = chosen.course ?? [];
    const past = (chosen.history ?? []).filter(([time]) => time >= now - 7200);
    const reach = Math.min(Math.max((chosen.latest ?? chosen.secondsLeft ?? 0) * 1.15, 1380), Math.max((chosen.secondsLeft ?? 0) * 2.5, 3600), 259200);
    const back = Math.max(Math.min(now - (past[0]?.[0] ?? now), reach), reach / 6);
    const ahead = course.filter(([time]) => time <= now + reach);
    const next = course[ahead.length];
    // The course is cut where the picture ends.
    if (next && ahead.length) {
      const [time, ...values] = ahead[ahead.length - 1];
      const part = (now + reach - time) / (next[0] - time);
      ahead.push([now + reach, ...values.map((value, index) => value + (next[index + 1] - value) * part)]);
    }
    const most = chosen.limit * 1.18;
    this.#chart.update({
      from: now - back, to: now + reach, now, gap: Infinity, domain: [0, most], unit: chosen.unit,
      limit: { value: chosen.limit, text: chosen.limitText },
      band: ahead.map(([time, , low, high]) => [time, Math.max(low, 0), high]), bandStyle: "two",
      series: [
        { style: "one", points: past.filter(([time]) => time >= now - back), wash: true },
        { style: "two dashed", points: ahead.map(([time, value]) => [time, Math.min(value, most)]).filter(([, value], index, all) => value < most || (all[index - 1]?.[1] ?? 0) < most) },
      ],
      says: chosen.text,
    });
    this.#legend.replaceChildren(
      key("one", "so far", this.#format(chosen.level)), key("two dashed", "expected", chosen.shape === "unknown" ? "too early to tell" : chosen.secondsLeft == null ? "limit not reached" : `full in ${duration(chosen.secondsLeft)}`),
      ...(chosen.earliest != null ? [element("li", {}, element("span", { class: "swatch two", style: null }), element("span", {}, "in 4 of 5 cases ",
        element("b", {}, chosen.latest == null ? `not before ${duration(chosen.earliest)}` : `${duration(chosen.earliest)} to ${duration(chosen.latest)}`)))] : []),
      ...(chosen.shape === "unknown" ? [] : [element("li", {}, element("span", {}, "confidence ", element("b", {}, percent(chosen.confidence))))]));
    this.#table.update(() => [["What", "Now", "Limit", "Full in", "Earliest", "Latest", "Confidence", "Growth"], forecasts.map((forecast) => {
      const text = forecast.unit === "bytes" ? bytes : forecast.unit === "ratio" ? plain : count;
      return [forecast.title, text(forecast.level), text(forecast.limit), duration(forecast.secondsLeft), duration(forecast.earliest), duration(forecast.latest), percent(forecast.confidence), forecast.shape];
    })]);
  }
}

/// Who is connected, and how much there is to do.
export class Load {
  #card; #clients; #load; #legend; #cursor; #model = null; #table; #loadTitle;

  constructor(cursor) {
    this.#cursor = cursor;
    this.#clients = new TimeChart({ label: "Connections over time", height: 110, format: count, cursor });
    this.#load = new TimeChart({ label: "Load over time", height: 110, format: plain, cursor });
    this.#legend = element("ul", { class: "legend" });
    this.#loadTitle = element("ul", { class: "legend" });
    this.#table = tableBehind("Connections and load over time, newest first");
    this.#card = card("load", "Connections and load", "w4", this.#clients.element, this.#legend, this.#load.element, this.#loadTitle, this.#table.details);
    this.#legend.style.margin = "4px 0 12px";
    this.#loadTitle.style.marginTop = "4px";
    this.element = this.#card.element;
    cursor.follow(() => this.#say());
  }

  update(model) {
    this.#model = model;
    const { state, points } = model;
    const base = { from: model.from, to: model.now, now: model.now, gap: gapOf(model.step) };
    const most = Math.max(...points.map((point) => point.clients ?? 0), 1);
    const limit = state.connections.limit;
    this.#clients.update({ ...base, domain: [0, Math.max(niceCount(most), 4)], limit: limit && limit <= most * 3 ? { value: limit, text: `at most ${count(limit)}` } : null,
      series: [{ style: "three", wash: true, points: points.map((point) => [point.time, point.clients ?? null]) }] });
    this.#load.update({ ...base, domain: [0, 1], limit: { value: 0.75, text: "add capacity" },
      series: [{ style: "four", wash: true, points: points.map((point) => [point.time, point.load ?? null]) }],
      empty: state.load ? null : "The load isn't measured here." });
    this.#legend.replaceChildren(key("three", "connections", limit ? `${count(state.connections.open)} of ${count(limit)}` : count(state.connections.open)),
      ...(state.connections.rejectedTotal ? [element("li", {}, element("span", {}, "turned away ", element("b", {}, count(state.connections.rejectedTotal))))] : []));
    this.#loadTitle.replaceChildren(key("four", "load", percent(state.load?.value)), ...(state.load?.parts ?? []).map((part) =>
      element("li", {}, element("span", {}, `${part.name} `, element("b", {}, part.text)))));
    this.#table.update(() => [["Time", "Connections", "Load"], points.slice(-60).reverse().map((point) => [clock(point.time), point.clients ?? "–", percent(point.load)])]);
    this.#say();
  }

  #say() {
    if (!this.#model || this.#cursor.time == null) return this.#card.says("");
    const point = pointAt(this.#model.points, this.#cursor.time, this.#model.step);
    this.#card.says(`${clock(this.#cursor.time)} · ${point?.clients ?? "–"} connections · load ${percent(point?.load)}`);
  }
}

function niceCount(value) {
  return [4, 8, 10, 20, 40, 50, 100, 200, 400, 500, 1000, 2000, 5000, 10000, 20000, 50000, 100000].find((top) => top >= value * 1.1) ?? value * 1.1;
}
