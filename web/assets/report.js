// The corner of the view where everything reports.
export function report(text, kind = "") {
  const corner = document.querySelector("#corner");
  if (!corner || !text) return;
  const line = document.createElement("div");
  line.className = `report ${kind}`;
  line.textContent = text;
  corner.replaceChildren(line);
  clearTimeout(report.timer);
  report.timer = setTimeout(() => line.remove(), 4000);
}

/** A sentence that the view carries for its scripts, in the language of the reader. */
export function words(name) {
  return document.querySelector("#corner")?.dataset[name] ?? "";
}
