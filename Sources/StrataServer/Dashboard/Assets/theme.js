/// Light or dark: as the system says, or as was chosen here.

const order = ["auto", "light", "dark"];
const preferred = matchMedia("(prefers-color-scheme: dark)");
const ramps = {
  light: ["#e3edf7", "#cbdff1", "#aacfe9", "#82b9de", "#5aa0d0", "#3a85bf", "#2369a8", "#124e8a", "#08346a", "#061f47"],
  dark: ["#15273a", "#17344f", "#184367", "#1a5482", "#1f679e", "#2e7dba", "#4b95d2", "#73afe3", "#a3caef", "#dcecfa"],
};

function stored() {
  try {
    return order.includes(localStorage.theme) ? localStorage.theme : "auto";
  } catch {
    return "auto";
  }
}

let choice = stored();

function isDark() {
  return choice === "dark" || (choice === "auto" && preferred.matches);
}

/// The colours of the heat map, from few to many.
export function ramp() {
  return isDark() ? ramps.dark : ramps.light;
}

/// Makes a button choose; calls back when colours change.
export function chooseWith(button, changed) {
  const apply = () => {
    if (choice === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = choice;
    button.textContent = `Theme: ${choice}`;
    changed();
  };
  button.addEventListener("click", () => {
    choice = order[(order.indexOf(choice) + 1) % order.length];
    try {
      localStorage.theme = choice;
    } catch {
      // A browser that keeps nothing still obeys until the page is left.
    }
    apply();
  });
  preferred.addEventListener("change", apply);
  apply();
}
