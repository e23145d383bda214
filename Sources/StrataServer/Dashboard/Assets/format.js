/// Numbers as people read them.

const nothing = "–";

/// A count or rate: 950, 12.4 k, 3.1 M.
export function count(value) {
  if (value == null || !Number.isFinite(value)) return nothing;
  const size = Math.abs(value);
  for (const [unit, factor] of [["G", 1e9], ["M", 1e6], ["k", 1e3]]) {
    if (size >= factor * 0.9995) return `${digits(value / factor)} ${unit}`;
  }
  return size >= 100 || Number.isInteger(value) ? String(Math.round(value)) : digits(value);
}

/// Bytes in powers of 1024.
export function bytes(value) {
  if (value == null || !Number.isFinite(value)) return nothing;
  for (const [unit, power] of [["TB", 4], ["GB", 3], ["MB", 2], ["KB", 1]]) {
    if (Math.abs(value) >= 1024 ** power * 0.9995) return `${digits(value / 1024 ** power)} ${unit}`;
  }
  return `${Math.round(value)} B`;
}

/// A short time: 430 ns, 1.2 µs, 15 ms, 2 s.
export function latency(seconds) {
  if (seconds == null || !Number.isFinite(seconds)) return nothing;
  for (const [unit, factor] of [["s", 1], ["ms", 1e-3], ["µs", 1e-6]]) {
    if (seconds >= factor * 0.9995) return `${digits(seconds / factor)} ${unit}`;
  }
  return `${Math.round(seconds * 1e9)} ns`;
}

/// A long time in its two largest units: 42 s, 17 min, 3 h 20 min, 5 d 2 h.
export function duration(seconds) {
  if (seconds == null || !Number.isFinite(seconds)) return nothing;
  if (seconds < 90) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 ? `${hours} h ${minutes % 60} min` : `${hours} h`;
  return hours % 24 ? `${Math.floor(hours / 24)} d ${hours % 24} h` : `${hours / 24} d`;
}

/// A share: 98.2 %; 99.97 % where it is that close to all.
export function percent(value) {
  if (value == null || !Number.isFinite(value)) return nothing;
  const hundredth = value * 100;
  const places = hundredth === 0 || hundredth >= 99.995 ? 0 : hundredth > 99 || hundredth < 1 ? 2 : 1;
  return `${hundredth.toFixed(places)} %`;
}

/// The time of day.
export function clock(unixSeconds) {
  return new Date(unixSeconds * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });
}

function digits(value) {
  const size = Math.abs(value);
  return size >= 99.95 ? value.toFixed(0) : size >= 9.995 ? trim(value.toFixed(1)) : trim(value.toFixed(2));
}

function trim(text) {
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}
