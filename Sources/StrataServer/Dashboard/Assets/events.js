/// What happened inside, as marks on the time axis.

import { shape } from "./dom.js";

/// Each kind: its word, and its mark drawn around 0, 0. Marks differ in shape, not only in colour.
export const kinds = {
  growth: { word: "growth", path: "M0 -6 6 5 -6 5Z", isOpen: false },
  shrink: { word: "shrinking", path: "M0 6 6 -5 -6 -5Z", isOpen: false },
  cleaning: { word: "clean-up of tombstones", path: "M-6 -2H6V2H-6Z", isOpen: false },
  evictionStorm: { word: "eviction storm", path: "M0 -7 6 0 0 7 -6 0Z", isOpen: false },
  expirySweep: { word: "expiry sweep", path: "M-5.5 0A5.5 5.5 0 1 0 5.5 0A5.5 5.5 0 1 0 -5.5 0Z", isOpen: true },
  breakerChange: { word: "breaker", path: "M-5 -5 5 5M5 -5 -5 5", isOpen: true },
  scaleAdvice: { word: "scaling advice", path: "M0 6V-5M-5 0 0 -6 5 0", isOpen: true },
  forecastWarning: { word: "forecast", path: "M-4 7V-6H5L2 -2.5 5 1H-4", isOpen: true },
  start: { word: "server start", path: "M-4 -6 6 0 -4 6Z", isOpen: true },
};

/// The mark of a kind.
export function mark(kind, x, y) {
  const { path, isOpen } = kinds[kind] ?? kinds.cleaning;
  return shape("path", { class: isOpen ? "event-open" : "event", d: path, transform: `translate(${x.toFixed(1)} ${y})` });
}

/// A mark alone, for a legend.
export function markSample(kind) {
  return shape("svg", { width: 16, height: 16, "aria-hidden": "true" }, mark(kind, 8, 8));
}
