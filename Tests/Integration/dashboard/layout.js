// Answers with a list of what is wrong with the layout: boxes that overlap, text that leaves its box, a page wider than its window.
(() => {
  const problems = [];
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) problems.push(`the page is ${root.scrollWidth} wide in a window of ${root.clientWidth}`);
  const visible = (element) => element.checkVisibility({ visibilityProperty: true }) && !element.closest(".hush, .skip") && !(element.closest("details:not([open])") && !element.closest("summary"));
  const name = (element) => `${element.tagName.toLowerCase()}${element.dataset?.panel ? `[${element.dataset.panel}]` : ""}${typeof element.className === "string" && element.className ? `.${element.className.replaceAll(" ", ".")}` : ""} ${JSON.stringify((element.textContent ?? "").slice(0, 40))}`;
  const overlap = (one, other) => Math.min(one.right, other.right) - Math.max(one.left, other.left) > 1 && Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > 1;

  // Panels don't lie on each other and don't leave the window.
  const panels = [...document.querySelectorAll(".card, .figure, .health, .top, footer, .map")].filter(visible);
  panels.forEach((panel, index) => {
    const box = panel.getBoundingClientRect();
    if (box.left < -1 || box.right > root.clientWidth + 1) problems.push(`${name(panel)} leaves the window: ${Math.round(box.left)} to ${Math.round(box.right)}`);
    for (const other of panels.slice(index + 1)) {
      if (!panel.contains(other) && !other.contains(panel) && overlap(box, other.getBoundingClientRect())) problems.push(`${name(panel)} overlaps ${name(other)}`);
    }
  });

  // Every text stays in its panel, and what isn't meant to be shortened isn't.
  for (const element of document.querySelectorAll("main *, header *, footer *")) {
    if (!visible(element) || element.closest("svg, .scroll")) continue;
    const style = getComputedStyle(element);
    const isShortened = style.textOverflow === "ellipsis" && style.overflow !== "visible";
    const holdsText = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
    if (holdsText && !isShortened && style.display !== "inline" && element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0) problems.push(`text is wider than its box: ${name(element)} ${element.scrollWidth} > ${element.clientWidth}`);
    const panel = element.closest(".card, .figure, .health, .map");
    if (panel && panel !== element && !element.closest(".name")) {
      const box = element.getBoundingClientRect();
      const outer = panel.getBoundingClientRect();
      if (box.width > 0 && (box.left < outer.left - 1 || box.right > outer.right + 1 || box.bottom > outer.bottom + 1)) problems.push(`${name(element)} leaves ${name(panel).slice(0, 40)}`);
    }
  }

  // Texts in a picture stay in it and don't lie on each other.
  for (const picture of document.querySelectorAll("svg")) {
    if (!visible(picture)) continue;
    const frame = picture.getBoundingClientRect();
    const texts = [...picture.querySelectorAll("text")].map((element) => ({ element, box: element.getBoundingClientRect() })).filter(({ box }) => box.width > 0);
    texts.forEach(({ element, box }, index) => {
      if (box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 2 || box.bottom > frame.bottom + 2) problems.push(`${name(element)} leaves its picture in ${picture.closest("[data-panel]")?.dataset.panel}`);
      for (const other of texts.slice(index + 1)) {
        const second = other.box;
        // Boxes of texts have room above and below the letters.
        if (Math.min(box.right, second.right) - Math.max(box.left, second.left) > 1 && Math.min(box.bottom, second.bottom) - Math.max(box.top, second.top) > 4) {
          problems.push(`${name(element)} lies on ${name(other.element)} in ${picture.closest("[data-panel]")?.dataset.panel}`);
        }
      }
    });
  }
  return problems;
})()
