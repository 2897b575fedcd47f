// Copies a code with one key or one click, and says so in the corner where everything reports.
import { onAct } from "./keys.js";
import { report, words } from "./report.js";

export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Without TLS on another host the clipboard is closed; a selected field still copies.
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  report((words("copied") || "{text}").replace("{text}", text), "good");
}

export function startCopy() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-copy]");
    if (!button) return;
    event.preventDefault();
    copy(button.dataset.copy);
  });
  onAct("l", () => {
    const row = document.querySelector("[data-row][aria-current]");
    // Another row's place would send somebody to the wrong shelf: without a chosen row only the view's own place counts.
    const own = [...document.querySelectorAll("[data-location]")].find((one) => !one.closest("[data-row]"));
    const place = row ? row.querySelector("[data-location]") : own;
    if (place) copy(place.dataset.location);
    else if (row || document.querySelector("[data-row], [data-viewer]")) report(words(row || document.querySelector("[data-viewer]") ? "noPlace" : "noRow"), "warn");
    else return false;
    return true;
  });
}
