/// The first page: everything at a glance.

import { element, setText } from "./dom.js";
import { HeatMap } from "./heatmap.js";
import { Spark } from "./timechart.js";
import { Cursor } from "./cursor.js";
import { HotKeys, Memory, Shards, card } from "./bars.js";
import { Forecast, Load, Tiers, Windows } from "./panels.js";
import { count, bytes, percent, latency } from "./format.js";

/// A number with its recent course.
class Figure {
  #value; #unit; #note; #spark;

  constructor(title, style) {
    this.#value = element("span");
    this.#unit = element("small");
    this.#note = element("dd", { class: "note" });
    this.#spark = new Spark(style);
    this.element = element("div", { class: "figure" }, element("dt", {}, title),
      element("dd", { class: "value" }, this.#value, " ", this.#unit), this.#note, this.#spark.element);
  }

  update(text, note, points, from, to, top, step) {
    const [number, ...unit] = text.split(" ");
    setText(this.#value, number);
    setText(this.#unit, unit.join(" "));
    setText(this.#note, note);
    this.#note.title = note;
    this.#spark.update(points, from, to, top, step);
  }
}

export class Overview {
  #cursor = new Cursor();
  #figures; #heat; #tiers; #forecast; #windows; #hotKeys; #shards; #memory; #load; #maps; #mapList; #mapsEmpty;

  constructor() {
    this.#figures = {
      requests: new Figure("Requests", "one"), hits: new Figure("Hit ratio", "three"), slow: new Figure("P99 latency", "two"),
      entries: new Figure("Entries", "one"), memory: new Figure("Memory", "four"), clients: new Figure("Connections", "three"),
    };
    this.#heat = new HeatMap(this.#cursor);
    this.#tiers = new Tiers(this.#cursor);
    this.#forecast = new Forecast();
    this.#windows = new Windows(this.#cursor);
    this.#hotKeys = new HotKeys();
    this.#shards = new Shards();
    this.#memory = new Memory(this.#cursor);
    this.#load = new Load(this.#cursor);
    this.#mapList = element("div", { class: "maps" });
    this.#mapsEmpty = element("p", { class: "empty" }, "Nothing is registered yet.");
    this.#maps = card("maps", "Maps", "w12", this.#mapList, this.#mapsEmpty);
    this.element = element("div", {},
      element("h2", { class: "hush" }, "Key figures"),
      element("dl", { class: "figures" }, Object.values(this.#figures).map((figure) => figure.element)),
      element("div", { class: "grid" }, this.#heat.element, this.#tiers.element, this.#forecast.element, this.#windows.element, this.#hotKeys.element,
        this.#shards.element, this.#memory.element, this.#load.element, this.#maps.element));
  }

  update({ state, points, events, bounds, from, now, step }) {
    const series = (pick) => points.map((point) => [point.time, pick(point) ?? null]);
    const { requests, hits, slow, entries, memory, clients } = this.#figures;
    requests.update(`${count(state.requestsPerSecond)}/s`, `${count(state.requestTotal)} since the start`, series((point) => point.requests), from, now, null, step);
    hits.update(percent(state.hitRatio), state.lookups ? "of lookups in the last minute" : "no lookups yet",
      series((point) => hitRatio(point, state)), from, now, 1, step);
    slow.update(latency(state.quantiles?.p99), state.quantiles?.p50 != null ? `half within ${latency(state.quantiles.p50)}` : "nothing measured yet",
      series((point) => point.p99), from, now, null, step);
    entries.update(count(state.entries), state.growthPerMinute == null || Math.abs(state.growthPerMinute) < 0.5 ? "steady"
      : `${state.growthPerMinute > 0 ? "+" : "−"}${count(Math.abs(Math.round(state.growthPerMinute)))} a minute`, series((point) => point.entries), from, now, null, step);
    memory.update(bytes(state.memory.used), state.memory.limit ? `${percent(state.memory.used / state.memory.limit)} of ${bytes(state.memory.limit)}` : "no limit set",
      series((point) => point.memory), from, now, state.memory.limit ?? null, step);
    clients.update(count(state.connections.open), state.connections.limit ? `of at most ${count(state.connections.limit)}` : "", series((point) => point.clients), from, now, null, step);

    this.#heat.update({ points, events, bounds, from, now, step, emptyText: `No requests yet. Point a Redis client at ${state.server.address ?? "this server"}: each second's latencies appear here.` });
    const model = { state, points, from, now, step };
    this.#tiers.update(model);
    this.#forecast.update(state.forecasts, state.time);
    this.#windows.update({ points, windows: state.windows ?? [], from, now, step });
    this.#hotKeys.update(state.hotKeys);
    this.#shards.update(state.shards);
    this.#memory.update(state.memory, model);
    this.#load.update(model);
    this.#drawMaps(state.maps ?? []);
  }

  #drawMaps(maps) {
    this.#mapsEmpty.hidden = maps.length > 0;
    this.#maps.says(maps.length > 1 ? `${maps.length}, the busiest first` : "");
    const list = this.#mapList;
    while (list.children.length > maps.length) list.lastChild.remove();
    maps.forEach((map, index) => {
      const link = list.children[index] ?? list.appendChild(mapLink());
      const href = `#/map/${encodeURIComponent(map.name)}`;
      if (link.getAttribute("href") !== href) link.setAttribute("href", href);
      const part = (name) => link.querySelector(`[data-part="${name}"]`);
      setText(part("name"), map.name);
      setText(part("kind"), map.isMoving ? `${map.kind}, growing` : map.kind);
      setText(part("count"), `${count(map.count)} ${map.kind === "pool" ? "idle" : "entries"}`);
      setText(part("bytes"), map.bytes ? bytes(map.bytes) : "");
      setText(part("rate"), map.requestsPerSecond == null ? "" : `${count(map.requestsPerSecond)}/s`);
      setText(part("ratio"), map.hitRatio == null ? "" : `${percent(map.hitRatio)} hits`);
      part("meter").hidden = !map.capacity;
      part("fill").style.width = `${(100 * Math.min(map.loadFactor ?? 0, 1)).toFixed(1)}%`;
      part("meter").setAttribute("aria-label", `load factor ${percent(map.loadFactor)}`);
    });
  }
}

function mapLink() {
  const part = (tag, name, attributes = {}) => element(tag, { "data-part": name, ...attributes });
  return element("a", { class: "map", href: "#/" },
    element("span", { class: "title" }, part("b", "name"), part("span", "kind")),
    element("span", { class: "pair" }, part("span", "count"), part("span", "bytes")),
    element("span", { class: "pair" }, part("span", "rate"), part("span", "ratio")),
    element("span", { class: "meter", "data-part": "meter", role: "img" }, part("i", "fill")));
}

/// The share of lookups in a second that some tier answered.
function hitRatio(point, state) {
  if (!point.tiers?.some((share) => share != null)) return null;
  return point.tiers.reduce((sum, share, index) => sum + (state.tiers[index]?.isMiss ? 0 : share ?? 0), 0);
}
