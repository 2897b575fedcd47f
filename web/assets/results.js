// The list of hits under the keyboard: j and k move, Enter opens, the page of the chosen hit stands on the right.
import { onKey } from "./keys.js";
import { ask } from "./session.js";

const SVG = "http://www.w3.org/2000/svg";

function rows() {
  return [...document.querySelectorAll("[data-row]")].filter((row) => !row.closest("details:not([open])"));
}

function chosen() {
  return document.querySelector("[data-row][aria-current]");
}

function choose(row) {
  if (!row) return;
  for (const other of rows()) other.removeAttribute("aria-current");
  row.setAttribute("aria-current", "true");
  row.scrollIntoView({ block: "nearest" });
  preview(row);
}

function move(by) {
  const all = rows();
  if (!all.length) return false;
  const at = all.indexOf(chosen());
  choose(all[Math.max(0, Math.min(all.length - 1, at + by))]);
  return true;
}

export function drawMarks(svg, text, name = "") {
  for (const mark of (text ?? "").split(";").filter(Boolean)) {
    const [x, y, w, h] = mark.split(",").map(Number);
    const rect = document.createElementNS(SVG, "rect");
    rect.setAttribute("x", x);
    rect.setAttribute("y", y);
    rect.setAttribute("width", w);
    rect.setAttribute("height", h);
    if (name) rect.setAttribute("class", name);
    svg.append(rect);
  }
}

function preview(row) {
  const pane = document.querySelector(".preview");
  if (!pane || !row.dataset.image || getComputedStyle(pane).display === "none") return;
  const { width, height, image, marks, caption } = row.dataset;
  const sheet = pane.querySelector(".sheet");
  sheet.querySelector(".number")?.remove();
  const picture = new Image(Number(width), Number(height));
  picture.alt = caption ?? "";
  picture.src = image;
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "marks");
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  svg.setAttribute("aria-hidden", "true");
  drawMarks(svg, marks);
  sheet.replaceChildren(picture, svg);
  const summary = row.querySelector("template");
  if (summary) pane.querySelector(".caption").replaceChildren(summary.content.cloneNode(true));
  showFirstMark(pane, Number(width), marks);
}

function showFirstMark(pane, width, marks) {
  const scroll = pane.querySelector(".scroll");
  const [x = 0, y = 0, w = width] = (marks || `0,0,${width}`).split(";")[0].split(",").map(Number);
  const scale = pane.querySelector(".sheet").clientWidth / width;
  scroll.scrollTop = Math.max(0, y * scale - scroll.clientHeight / 3);
  // The left margin of a page is empty: start where text begins, unless the hit stands further right.
  scroll.scrollLeft = Math.max(width * 0.1 * scale, (x + w) * scale - scroll.clientWidth + 24);
}

/** The next window is put under this one; the list keeps its place. */
async function extend(link) {
  link.removeAttribute("data-next");
  const answer = await ask(link.href, { headers: { "X-Part": "results" } }).catch(() => null);
  if (!answer?.ok) {
    link.setAttribute("data-next", "");
    return;
  }
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const home = document.querySelector("[data-keyboard-home]");
  for (const piece of fresh.querySelector("[data-keyboard-home]")?.children ?? []) home.append(document.importNode(piece, true));
  const next = fresh.querySelector(".next-window");
  if (next) link.replaceWith(document.adoptNode(next));
  else link.remove();
}

/** Once the exact hits stand there, those with one misread character are looked for, without being asked. */
async function lookNear() {
  const link = document.querySelector("a[data-near]");
  if (!link) return;
  const answer = await ask(link.href, { headers: { "X-Part": "results" } }).catch(() => null);
  // Another search may stand there by now.
  if (!answer?.ok || !link.isConnected) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const name of [".near-total", "details.near"]) {
    const [old, found] = [document.querySelector(name), fresh.querySelector(name)];
    const piece = found && document.adoptNode(found);
    if (old && piece) {
      if (old.matches("details")) piece.open = old.open;
      old.replaceWith(piece);
    } else if (piece && piece.matches("details")) link.before(piece);
    else if (piece) document.querySelector(".results-head .total")?.after(piece);
  }
  link.remove();
}

let nearTimer = 0;
function lookNearSoon() {
  clearTimeout(nearTimer);
  // Where little stands there already, they are what one waits for.
  nearTimer = setTimeout(lookNear, rows().length < 10 ? 0 : 400);
}

function first() {
  lookNearSoon();
  const row = chosen() ?? rows().find((one) => one.dataset.image);
  if (row && document.querySelector(".preview")) {
    row.setAttribute("aria-current", "true");
    preview(row);
  }
}

export function startResults() {
  onKey("j", () => move(1));
  onKey("k", () => move(-1));
  onKey("ArrowDown", () => rows().length > 0 && move(1));
  onKey("ArrowUp", () => rows().length > 0 && move(-1));
  onKey("Enter", (event) => {
    if (event.target.closest?.("a, button, summary")) return false;
    const link = chosen()?.querySelector("a[data-main]");
    link?.click();
    return Boolean(link);
  });
  // Hovering previews nothing (a hand crossing the list must not flicker); resting on a row for a moment does.
  let timer = 0;
  document.addEventListener("pointerover", (event) => {
    const row = event.target.closest?.("[data-row][data-image]");
    clearTimeout(timer);
    if (row && row !== chosen()) timer = setTimeout(() => choose(row), 350);
  });
  document.addEventListener("results", first);
  document.addEventListener("click", (event) => {
    const near = event.target.closest?.("a.near-total") && document.querySelector("details.near");
    if (near) near.open = true;
    const link = event.target.closest?.("a[data-next]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    extend(link);
  });
  // From the search field the arrow leads into the list, as long as no offers are open under it.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" || event.isComposing || event.defaultPrevented || !event.target.matches?.("#find")) return;
    if (!rows().length) return;
    event.preventDefault();
    event.target.blur();
    choose(chosen() ?? rows()[0]);
  });
  first();
}
