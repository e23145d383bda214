/// From figures to places on a picture.

/// A straight scale.
export function linear([from, to], [start, end]) {
  const factor = to === from ? 0 : (end - start) / (to - from);
  return (value) => start + (value - from) * factor;
}

/// A logarithmic scale.
export function logarithmic([from, to], range) {
  const inner = linear([Math.log(from), Math.log(to)], range);
  return (value) => inner(Math.log(Math.max(value, from / 10)));
}

/// Round values that divide a stretch into about so many parts.
export function ticks(from, to, about) {
  const span = to - from;
  if (!(span > 0)) return [from];
  const raw = span / Math.max(about, 1);
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((size) => size >= raw * 0.999);
  const found = [];
  for (let index = Math.ceil(from / step - 1e-9); index * step <= to + step * 1e-9; index += 1) found.push(Number((index * step).toPrecision(12)));
  return found;
}

/// Round values of bytes: in powers of two, as they are written.
export function byteTicks(from, to, about) {
  const unit = 1024 ** Math.max(Math.floor(Math.log(Math.max(to, 1)) / Math.log(1024) - 0.2), 0);
  const raw = (to - from) / unit / Math.max(about, 1);
  const power = 2 ** Math.ceil(Math.log2(Math.max(raw, 1e-9)) - 1e-9);
  const step = power * unit;
  const found = [];
  for (let value = Math.ceil(from / step) * step; value <= to * 1.0001; value += step) found.push(value);
  return found;
}

/// The powers of ten within a stretch.
export function powers(from, to) {
  const found = [];
  for (let power = Math.ceil(Math.log10(from) - 1e-9); 10 ** power <= to * 1.0000001; power += 1) found.push(Number(`1e${power}`));
  return found;
}

/// A value above the largest, at which an axis may end.
export function ceiling(value) {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 1.5, 2, 3, 4, 5, 6, 8, 10].map((factor) => factor * power).find((size) => size >= value * 0.999999);
}

/// Steps of time that people know, for about so many parts of a stretch.
export function timeStep(seconds, about) {
  const known = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800, 604800];
  return known.find((step) => seconds / step <= about) ?? known[known.length - 1];
}

/// A time before or after now, short: now, −2 min, +1 h.
export function relative(seconds) {
  const size = Math.abs(seconds);
  if (size < 0.5) return "now";
  const sign = seconds < 0 ? "−" : "+";
  if (size < 60) return `${sign}${Math.round(size)} s`;
  if (size < 3600) return `${sign}${Number((size / 60).toFixed(1))} min`;
  if (size < 172800) return `${sign}${Number((size / 3600).toFixed(1))} h`;
  return `${sign}${Number((size / 86400).toFixed(1))} d`;
}
