// Starts every part a view may have. Each part looks for its own elements and does nothing without them,
// so that a view works as plain HTML first and faster with this file.
import { startSession } from "./session.js";
import { startKeys } from "./keys.js";
import { startCopy } from "./copy.js";
import { startFind } from "./find.js";
import { startResults } from "./results.js";
import { startViewer } from "./viewer.js";
import { startReview } from "./review.js";
import { startBatch } from "./batch.js";
import { startAdding } from "./add.js";
import { startSwap } from "./swap.js";
import { startReading } from "./reading.js";
import { startKept } from "./kept.js";
import { startCamera } from "./camera.js";

startSession();
startKeys();
startCopy();
startFind();
startResults();
startViewer();
startReview();
startBatch();
startSwap();
startAdding();
startReading();
startKept();
startCamera();

/** As wide as paper shows: A4 at about 200 dots per inch. */
const PRINT_WIDTH_PX = 1600;

// What was refused is said beside its field; the first such field is where the work goes on.
for (const [at, field] of document.querySelectorAll("[data-wrong]").entries()) {
  const controls = field.querySelectorAll("input:not([type=hidden]), select, textarea");
  const words = field.querySelector(".wrong");
  if (words && !words.id) words.id = `wrong-${at + 1}`;
  for (const control of controls) {
    control.setAttribute("aria-invalid", "true");
    if (words) control.setAttribute("aria-describedby", words.id);
  }
  if (at === 0) controls[0]?.focus();
}

// A menu that is open closes with a click outside or with Escape.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.drop[open]")) if (!menu.contains(event.target)) menu.open = false;
});
// A link to what is folded away opens it, and goes to its first field.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href^='#']");
  const at = link && link.hash.length > 1 && document.querySelector(`details${link.hash}`);
  if (!at) return;
  at.open = true;
  at.querySelector("input:not([type=hidden]), select, textarea")?.focus({ preventScroll: true });
});
// A change of language or theme comes back to what is shown now, not to what was first loaded.
for (const form of document.querySelectorAll("form[action='/preferences']")) {
  form.addEventListener("submit", () => {
    form.elements.back.value = location.pathname + location.search;
  });
}
// A table that is dropped on its form is the chosen file, and is tried at once.
for (const form of document.querySelectorAll("form[data-drop-file]")) {
  const input = form.querySelector("input[type=file]");
  form.addEventListener("dragover", (event) => {
    event.preventDefault();
    form.classList.add("over");
  });
  for (const name of ["dragleave", "drop"]) form.addEventListener(name, () => form.classList.remove("over"));
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    form.requestSubmit();
  });
}
for (const select of document.querySelectorAll("select[data-submit]")) select.addEventListener("change", () => select.form.requestSubmit());
for (const button of document.querySelectorAll("[data-print]")) {
  button.addEventListener("click", async () => {
    // Pages that were never looked at have no image yet; paper needs them all.
    const images = [...document.querySelectorAll(".canvas img.page")];
    for (const image of images) {
      image.loading = "eager";
      image.sizes = `${PRINT_WIDTH_PX}px`;
    }
    await Promise.allSettled(images.map((image) => image.decode()));
    window.print();
  });
}
