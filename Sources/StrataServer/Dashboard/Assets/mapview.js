/// One map in detail.

import { element, setText, tableBehind } from "./dom.js";
import { HeatMap } from "./heatmap.js";
import { Cursor } from "./cursor.js";
import { Columns, HotKeys, Operations, Shards, card } from "./bars.js";
import { Forecast, Windows } from "./panels.js";
import { count, bytes, percent, latency } from "./format.js";

export class MapView {
  #name; #cursor = new Cursor(); #title; #says; #pairs; #heat; #probe; #probeCard; #probeEmpty; #probeTable; #windows; #shards; #hotKeys; #forecast; #grid; #missing; #operations;

  constructor(name) {
    this.#name = name;
    this.#title = element("h2", { tabindex: -1 }, name);
    this.#says = element("p");
    this.#pairs = element("dl", { class: "pairs" });
    this.#heat = new HeatMap(this.#cursor);
    this.#probe = new Columns("Probe lengths", 170);
    this.#probeEmpty = element("p", { class: "empty" }, "No entries yet: once there are, this shows in how many places a lookup has to look.");
    this.#probeTable = tableBehind("Entries by probe length");
    this.#probeCard = card("probe", "Probe lengths", "w6", this.#probe.element, this.#probeEmpty, this.#probeTable.details);
    this.#windows = new Windows(this.#cursor);
    this.#shards = new Shards("w6");
    this.#hotKeys = new HotKeys("w6");
    this.#forecast = new Forecast("w6");
    this.#operations = new Operations();
    this.#missing = element("p", { class: "notice", hidden: true }, "There is no map of this name at the moment.");
    const figures = card("figures", "In figures", "w12", this.#pairs);
    this.#grid = element("div", { class: "grid" }, figures.element, this.#heat.element, this.#probeCard.element, this.#shards.element, this.#windows.element,
      this.#hotKeys.element, this.#forecast.element, this.#operations.element);
    this.element = element("div", {}, element("div", { class: "crumb" }, element("a", { href: "#/" }, "All maps"), this.#title, this.#says), this.#missing, this.#grid);
  }

  get name() { return this.#name; }

  /// Puts the focus where reading begins.
  focus() { this.#title.focus(); }

  /// Shows that the map isn't there.
  showMissing() {
    this.#missing.hidden = false;
    this.#grid.hidden = true;
  }

  /// detail: what /dashboard/map?name=… answers.
  update(detail, { events, bounds, from, now, step }) {
    this.#missing.hidden = true;
    this.#grid.hidden = false;
    setText(this.#says, detail.kind);
    const pairs = detail.figures ?? [];
    const texts = { count, bytes, ratio: percent, seconds: latency, text: String };
    this.#pairs.replaceChildren(...pairs.map((pair) => element("div", {}, element("dt", {}, pair.name),
      element("dd", {}, pair.text ?? (texts[pair.unit] ?? count)(pair.value)))));
    this.#heat.update({ points: detail.points, events: events.filter((event) => event.name === this.#name), bounds, from, now, step, emptyText: "No operations yet." });
    const lengths = trimmed(detail.probeLengths ?? []);
    const total = lengths.reduce((sum, value) => sum + value, 0);
    this.#probe.element.hidden = this.#probeTable.details.hidden = total === 0;
    this.#probeEmpty.hidden = total > 0;
    if (total > 0) {
      this.#probe.update({ values: lengths.map((value) => value / total), format: (value) => `${Number((value * 100).toFixed(1))} %`, names: (index) => String(index + 1) });
      const first = lengths[0] / total;
      this.#probeCard.says(`${percent(first)} of the entries are in the first group looked at, the rest in up to ${lengths.length}`);
    }
    this.#probeTable.update(() => [["Groups looked at", "Share of entries"], lengths.map((value, index) => [index + 1, percent(value / total)])]);
    this.#windows.update({ points: detail.points, windows: detail.windows ?? [], from, now, step });
    this.#shards.update(detail.shards);
    this.#hotKeys.update(detail.hotKeys);
    this.#forecast.element.hidden = !detail.forecasts?.length;
    this.#forecast.update(detail.forecasts, now);
    this.#operations.update(detail.operations ?? []);
  }
}

function trimmed(lengths) {
  const last = lengths.findLastIndex((value) => value > 0);
  return lengths.slice(0, Math.max(last + 1, Math.min(lengths.length, 4)));
}
