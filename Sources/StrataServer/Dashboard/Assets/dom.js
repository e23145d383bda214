/// Elements, made without ever reading markup from text: what a server or a client sends is shown as it is, never interpreted.

const svgSpace = "http://www.w3.org/2000/svg";

/// An HTML element: attributes, `class` and `on…` listeners; children are elements or texts.
export function element(name, attributes = {}, ...children) {
  return furnish(document.createElement(name), attributes, children);
}

/// An SVG element.
export function shape(name, attributes = {}, ...children) {
  return furnish(document.createElementNS(svgSpace, name), attributes, children);
}

function furnish(made, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (value == null || value === false) continue;
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else made.setAttribute(key, value === true ? "" : String(value));
  }
  made.append(...children.flat().filter((child) => child != null));
  return made;
}

/// Replaces a text only where it differs, so that screen readers and selections aren't disturbed.
export function setText(target, text) {
  if (target.textContent !== text) target.textContent = text;
}

/// Calls back with the width of an element, at once and whenever it changes.
export function onWidth(target, callback) {
  let width = 0;
  const observer = new ResizeObserver((entries) => {
    const next = Math.floor(entries[0].contentRect.width);
    if (next > 0 && next !== width) callback((width = next));
  });
  observer.observe(target);
  return () => observer.disconnect();
}

/// A table that says in words and numbers what a picture shows, closed until asked for. It is filled when it is opened, and then with each update.
export function tableBehind(caption) {
  const head = element("thead");
  const body = element("tbody");
  const region = element("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": caption },
    element("table", {}, element("caption", { class: "hush" }, caption), head, body));
  const details = element("details", {}, element("summary", {}, "As a table"), region);
  let latest = null;
  const fill = () => {
    if (!details.open || !latest) return;
    const [columns, rows] = latest();
    head.replaceChildren(element("tr", {}, columns.map((text) => element("th", { scope: "col" }, text))));
    body.replaceChildren(...rows.map((row) => element("tr", {},
      row.map((text, index) => element(index ? "td" : "th", index ? {} : { scope: "row" }, String(text))))));
  };
  details.addEventListener("toggle", fill);
  return { details, update(make) { latest = make; fill(); } };
}
