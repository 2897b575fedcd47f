// Copies a code with one key or one click, and says so in the corner where everything reports.
import { onKey } from "./keys.js";

export function report(text, kind = "") {
  const corner = document.querySelector("#corner");
  if (!corner) return;
  const line = document.createElement("div");
  line.className = `report ${kind}`;
  line.textContent = text;
  corner.replaceChildren(line);
  clearTimeout(report.timer);
  report.timer = setTimeout(() => line.remove(), 4000);
}

export async function copy(text) {
  const corner = document.querySelector("#corner");
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
  report((corner?.dataset.copied ?? "{text}").replace("{text}", text), "good");
}

export function startCopy() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-copy]");
    if (!button) return;
    event.preventDefault();
    copy(button.dataset.copy);
  });
  onKey("l", () => {
    const chosen = document.querySelector("[data-row][aria-current] [data-location]") ?? document.querySelector("[data-location]");
    if (!chosen) return false;
    copy(chosen.dataset.location);
    return true;
  });
}
