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
    const chosen = (row ?? document).querySelector("[data-location]");
    // Another row's place would send somebody to the wrong shelf.
    if (!chosen && row) report(words("noPlace"), "warn");
    if (!chosen) return Boolean(row);
    copy(chosen.dataset.location);
    return true;
  });
}
