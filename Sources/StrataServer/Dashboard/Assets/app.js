/// Holds what the server told, decides which page is shown, and keeps it up to date.

import { follow } from "./stream.js";
import { chooseWith } from "./theme.js";
import { element, setText } from "./dom.js";
import { Overview } from "./overview.js";
import { MapView } from "./mapview.js";
import { duration } from "./format.js";

/// How far back the stream's own points reach; longer stretches are asked for, as often as they change.
const live = { span: 300, step: 1 };
const parts = Object.fromEntries(["facts", "connection", "ranges", "pause", "theme", "notice", "health", "health-title", "health-sign", "health-reasons", "view"]
  .map((id) => [id, document.getElementById(id)]));
const model = { state: null, points: [], events: [], bounds: [], detail: null, past: null };
let span = live.span;
let view = null;
let isPaused = false;
let isDrawn = true;

// MARK: What the server says

follow("/events", {
  status: showConnection,
  event(name, data) {
    if (name === "snapshot") {
      const first = data.points[0]?.time ?? data.state.time;
      // What was seen before a restart stays beside what the restarted server knows.
      model.points = model.points.filter((point) => point.time < first).concat(data.points);
      model.events = model.events.filter((event) => event.time < first).concat(data.events);
      model.bounds = data.bounds;
    } else if (name === "tick") {
      const last = model.points[model.points.length - 1]?.time ?? 0;
      if (data.point.time === last) model.points.pop();
      if (data.point.time >= last) model.points.push(data.point);
      model.events = model.events.filter((event) => !data.events.some((other) => other.number === event.number && other.kind === event.kind)).concat(data.events);
    } else {
      return;
    }
    model.state = data.state;
    const oldest = data.state.time - live.span - 5;
    model.points = model.points.filter((point) => point.time >= oldest);
    model.events = model.events.filter((event) => (event.until ?? event.time) >= oldest);
    refresh();
  },
});

function showConnection(state, message) {
  const words = { live: "live", connecting: "connecting", reconnecting: "reconnecting", refused: "refused" };
  parts.connection.dataset.state = state;
  setText(parts.connection.querySelector(".word"), words[state] ?? state);
  document.body.classList.toggle("stale", state !== "live");
  parts.notice.hidden = !message;
  setText(parts.notice, message ? `No live figures: ${message}` : "");
  if (state !== "live" && !model.state) setText(parts["health-title"], message ? "No figures" : "Waiting for the server");
}

// MARK: Drawing

/// A page that nobody sees isn't drawn; it is as soon as somebody looks.
function refresh() {
  if (isPaused || document.hidden) {
    isDrawn = false;
    return;
  }
  isDrawn = true;
  draw();
}

document.addEventListener("visibilitychange", () => { if (!document.hidden && !isDrawn) refresh(); });

function draw() {
  const { state, bounds, detail } = model;
  if (!state) return;
  drawHealth(state);
  const now = model.points[model.points.length - 1]?.time ?? state.time;
  // Until a longer stretch has come, the one before stays.
  const { points, events, ...reach } = model.past ?? { points: model.points, events: model.events, ...live };
  const frame = { state, points, events, bounds, from: now - reach.span, now, step: reach.step };
  document.body.dataset.span = String(reach.span);
  if (view instanceof MapView) {
    const own = detail?.span ?? live.span;
    if (detail?.name === view.name) view.update(detail, { ...frame, from: now - own, step: detail.step ?? 1 });
  } else {
    view.update(frame);
  }
  document.body.dataset.drawn = String(now);
}

function drawHealth({ health, server }) {
  setText(parts.facts, [server.role, `version ${server.version}`, `up for ${duration(server.uptime)}`].join(" · "));
  parts.health.dataset.level = health.level;
  setText(parts["health-sign"], { good: "✓", warning: "!", critical: "✕" }[health.level] ?? "?");
  setText(parts["health-title"], health.headline);
  const texts = health.reasons.map((reason) => reason.text);
  if ([...parts["health-reasons"].children].map((item) => item.textContent).join("\n") !== texts.join("\n")) {
    parts["health-reasons"].replaceChildren(...texts.map((text) => element("li", {}, text)));
  }
  const sign = { good: "", warning: "! ", critical: "✕ " }[health.level] ?? "";
  if (document.title !== `${sign}Strata`) document.title = `${sign}Strata`;
}

// MARK: Pages

function route() {
  const found = /^#\/map\/(.+)$/.exec(location.hash);
  let name = null;
  try {
    name = found && decodeURIComponent(found[1]);
  } catch {
    // Not an address that this page made: the overview is shown.
  }
  const isSame = name == null ? view instanceof Overview : view instanceof MapView && view.name === name;
  if (!isSame) {
    const isFirst = view == null;
    view = name == null ? new Overview() : new MapView(name);
    model.detail = null;
    parts.view.replaceChildren(view.element);
    if (!isFirst) {
      scrollTo(0, 0);
      if (view instanceof MapView) view.focus();
    }
    if (model.state) draw();
  }
  if (name != null) fetchDetail();
}

let isFetching = false;

async function fetchDetail() {
  const shown = view;
  if (!(shown instanceof MapView) || isFetching || document.hidden || isPaused) return;
  isFetching = true;
  try {
    const response = await fetch(`/dashboard/map?name=${encodeURIComponent(shown.name)}&span=${span}`, { cache: "no-store", signal: AbortSignal.timeout(4000) });
    if (view !== shown) return;
    if (response.status === 404) shown.showMissing();
    if (!response.ok) return;
    model.detail = await response.json();
    if (view === shown) refresh();
  } catch {
    // The stream says whether the server is away.
  } finally {
    isFetching = false;
    if (view instanceof MapView && view !== shown) fetchDetail();
  }
}

/// The hour or the day, if one of them is chosen.
async function fetchPast() {
  const asked = span;
  if (asked === live.span || document.hidden || isPaused) return;
  try {
    const response = await fetch(`/dashboard/past?span=${asked}`, { cache: "no-store", signal: AbortSignal.timeout(4000) });
    if (!response.ok) return;
    const past = await response.json();
    if (asked !== span) return;
    model.past = past;
    refresh();
  } catch {
    // The stream says whether the server is away.
  }
}

parts.ranges.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  span = Number(button.dataset.span);
  for (const each of parts.ranges.children) each.setAttribute("aria-pressed", String(each === button));
  if (span === live.span) {
    model.past = null;
    if (model.state) draw();
  }
  fetchPast();
  fetchDetail();
});
setInterval(fetchPast, 5000);
setInterval(fetchDetail, 1000);
addEventListener("hashchange", route);
parts.pause.addEventListener("click", () => {
  isPaused = !isPaused;
  parts.pause.setAttribute("aria-pressed", String(isPaused));
  setText(parts.pause, isPaused ? "Go on" : "Pause");
  if (!isPaused) refresh();
});
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault();
  document.getElementById("main").focus();
});
chooseWith(parts.theme, () => { if (model.state) draw(); });
route();
