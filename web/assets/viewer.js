// The page viewer: sheets below each other, fitted, zoomed and turned; hits walked across pages; text that can be selected.
// Positions come from the server in pixels of the upright page; only this file turns them into positions on the screen.
import { onKey } from "./keys.js";
import { copy } from "./copy.js";

const ZOOM_STEP = 1.2;
const WIDTH_PX_MIN = 240;
const WIDTH_PX_MAX = 6000;

class Viewer {
  constructor(canvas) {
    this.canvas = canvas;
    this.sheets = [...canvas.querySelectorAll(".sheet")];
    this.fit = canvas.dataset.fit ?? "width";
    this.zoom = 1;
    this.turn = 0;
    this.at = -1;
    this.layout();
    new ResizeObserver(() => this.layout()).observe(canvas);
    this.watch();
  }

  get marks() {
    return [...this.canvas.querySelectorAll("svg.marks rect.hit-mark")];
  }

  /** The sheet that covers the middle of the canvas. */
  get current() {
    const middle = this.canvas.getBoundingClientRect().top + this.canvas.clientHeight / 2;
    return this.sheets.find((sheet) => sheet.getBoundingClientRect().bottom > middle) ?? this.sheets.at(-1);
  }

  layout() {
    const style = getComputedStyle(this.canvas);
    const room = this.canvas.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    const tall = this.canvas.clientHeight - parseFloat(style.paddingTop) - parseFloat(style.paddingBottom);
    if (room <= 0) return;
    const across = this.canvas.classList.contains("two-up") && this.sheets.length > 1 ? (room - 16) / 2 : room;
    const sideways = this.turn % 180 !== 0;
    for (const sheet of this.sheets) {
      const w = Number(sheet.dataset.width);
      const h = Number(sheet.dataset.height);
      const shownWidth = sideways ? h : w;
      const shownHeight = sideways ? w : h;
      let scale = across / shownWidth;
      if (this.fit === "height" && tall > 0) scale = Math.min(scale, tall / shownHeight);
      scale = Math.max(WIDTH_PX_MIN, Math.min(WIDTH_PX_MAX, shownWidth * scale * this.zoom)) / shownWidth;
      sheet.style.width = `${w * scale}px`;
      sheet.style.height = `${h * scale}px`;
      this.place(sheet, w * scale, h * scale);
      const image = sheet.querySelector("img");
      if (image) image.sizes = `${Math.ceil(w * scale)}px`;
      layText(sheet, scale);
    }
    const label = document.querySelector("[data-zoom-label]");
    if (label) label.textContent = `${Math.round(this.zoom * 100)} %`;
  }

  place(sheet, width, height) {
    sheet.toggleAttribute("data-turning", this.turn % 360 !== 0);
    if (this.turn % 360 === 0) {
      sheet.style.transform = "";
      sheet.style.margin = "";
      return;
    }
    const sideways = this.turn % 180 !== 0;
    const shift = sideways ? (height - width) / 2 : 0;
    sheet.style.transform = `rotate(${this.turn}deg)`;
    sheet.style.margin = sideways ? `${-shift}px auto ${-shift + 16}px` : "";
  }

  zoomBy(factor) {
    const sheet = this.current;
    const before = sheet.getBoundingClientRect();
    const middle = this.canvas.getBoundingClientRect().top + this.canvas.clientHeight / 2;
    const share = (middle - before.top) / before.height;
    this.zoom = factor === 0 ? 1 : Math.max(0.2, Math.min(8, this.zoom * factor));
    this.layout();
    const after = sheet.getBoundingClientRect();
    this.canvas.scrollTop += after.top + share * after.height - middle;
  }

  setFit(fit) {
    const sheet = this.current;
    this.fit = fit;
    this.zoom = 1;
    this.layout();
    sheet?.scrollIntoView({ block: "start" });
  }

  rotate() {
    this.turn = (this.turn + 90) % 360;
    const sheet = this.current;
    this.layout();
    sheet?.scrollIntoView({ block: "start" });
  }

  page(by) {
    const at = this.sheets.indexOf(this.current);
    this.go(this.sheets[Math.max(0, Math.min(this.sheets.length - 1, at + by))]);
  }

  go(sheet) {
    sheet?.scrollIntoView({ block: "start" });
    this.note();
  }

  hit(by) {
    const marks = this.marks;
    if (!marks.length) return false;
    if (this.at < 0 && by > 0) {
      const from = this.sheets.indexOf(this.current);
      const index = marks.findIndex((mark) => this.sheets.indexOf(mark.closest(".sheet")) >= from);
      this.at = index < 0 ? 0 : index;
    } else {
      this.at = (this.at + by + marks.length) % marks.length;
    }
    for (const mark of marks) mark.classList.toggle("now", mark.dataset.hit === marks[this.at].dataset.hit);
    marks[this.at].scrollIntoView({ block: "center", inline: "nearest" });
    const label = document.querySelector("[data-hit-label]");
    if (label) label.textContent = `${this.at + 1} / ${marks.length}`;
    this.note();
    return true;
  }

  /** Keeps page number, thumbnail and address in step with what is in view. */
  watch() {
    let due = false;
    this.canvas.addEventListener("scroll", () => {
      if (due) return;
      due = true;
      requestAnimationFrame(() => {
        due = false;
        this.note();
      });
    });
    const seen = new IntersectionObserver(
      (entries) => {
        for (const entry of entries) if (entry.isIntersecting) fetchText(entry.target).then(() => this.layout());
      },
      { root: this.canvas, rootMargin: "600px" },
    );
    for (const sheet of this.sheets) seen.observe(sheet);
  }

  note() {
    const number = this.current?.dataset.number;
    if (!number || number === this.noted) return;
    this.noted = number;
    const input = document.querySelector("input.page-number");
    if (input && document.activeElement !== input) input.value = number;
    for (const link of document.querySelectorAll(".thumbs a")) {
      const here = link.dataset.number === number;
      if (here) {
        link.setAttribute("aria-current", "page");
        const strip = link.parentElement.closest(".thumbs");
        strip.scrollTop = Math.min(strip.scrollTop, link.offsetTop - strip.offsetTop - 8);
        if (link.offsetTop - strip.offsetTop + link.offsetHeight > strip.scrollTop + strip.clientHeight)
          strip.scrollTop = link.offsetTop - strip.offsetTop + link.offsetHeight - strip.clientHeight + 8;
      } else link.removeAttribute("aria-current");
    }
    if (this.canvas.hasAttribute("data-address")) {
      const address = new URL(location.href);
      address.searchParams.set("page", number);
      address.hash = "";
      history.replaceState(null, "", address);
    }
  }
}

/** Text of a sheet that has not come with the view is fetched when the sheet comes near. */
async function fetchText(sheet) {
  const layer = sheet.querySelector(".text-layer[data-source]");
  if (!layer) return;
  const source = layer.dataset.source;
  layer.removeAttribute("data-source");
  const answer = await fetch(source, { headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  layer.innerHTML = await answer.text();
}

/** Lays each line of text over its ink: as high as its box, stretched to the width of its box. */
function layText(sheet, scale) {
  const layer = sheet.querySelector(".text-layer");
  if (!layer || sheet.hasAttribute("data-turning")) return;
  const lines = [...layer.querySelectorAll("p")];
  for (const line of lines) {
    const [x, y, w, h] = line.dataset.box.split(",").map((part) => Number(part) * scale);
    line.style.left = `${x}px`;
    line.style.top = `${y}px`;
    line.style.transform = "";
    line.style.fontSize = `${Math.max(4, h * 0.86)}px`;
    line.dataset.wanted = w;
  }
  const natural = lines.map((line) => line.offsetWidth);
  lines.forEach((line, n) => {
    if (natural[n] > 0) line.style.transform = `scaleX(${Number(line.dataset.wanted) / natural[n]})`;
  });
  layer.setAttribute("data-placed", "");
}

/** What is copied is the text of the lines, one per line, nothing else. */
function cleanCopy(canvas) {
  canvas.addEventListener("copy", (event) => {
    const selection = document.getSelection();
    if (!selection || selection.isCollapsed) return;
    const lines = [];
    for (const line of canvas.querySelectorAll(".text-layer p")) {
      if (!selection.containsNode(line, true)) continue;
      const range = document.createRange();
      range.selectNodeContents(line);
      const chosen = selection.getRangeAt(0);
      if (range.compareBoundaryPoints(Range.START_TO_START, chosen) < 0) range.setStart(chosen.startContainer, chosen.startOffset);
      if (range.compareBoundaryPoints(Range.END_TO_END, chosen) > 0) range.setEnd(chosen.endContainer, chosen.endOffset);
      const text = range.toString();
      if (text) lines.push(text);
    }
    if (!lines.length) return;
    event.clipboardData.setData("text/plain", lines.join("\n"));
    event.preventDefault();
  });
}

function fold(text) {
  return text.normalize("NFKC").toLowerCase().replace(/[\s\p{P}]/gu, "");
}

/** Finds words inside the document that is open: lines that hold them are boxed, and n and p walk them. */
async function findInside(viewer, words) {
  for (const mark of viewer.canvas.querySelectorAll("rect.found")) mark.remove();
  viewer.at = -1;
  const wanted = fold(words);
  if (!wanted) return;
  await Promise.all(viewer.sheets.map(fetchText));
  let n = 0;
  for (const sheet of viewer.sheets) {
    for (const line of sheet.querySelectorAll(".text-layer p")) {
      const text = line.textContent;
      const at = fold(text).indexOf(wanted);
      if (at < 0) continue;
      const [x, y, w, h] = line.dataset.box.split(",").map(Number);
      const share = fold(text).length || 1;
      const rect = document.createElementNS("http://www.w3.org/2000/svg", "rect");
      rect.setAttribute("x", x + (w * at) / share);
      rect.setAttribute("y", y);
      rect.setAttribute("width", (w * wanted.length) / share);
      rect.setAttribute("height", h);
      rect.setAttribute("class", "hit-mark found");
      rect.dataset.hit = `f${n++}`;
      sheet.querySelector("svg.marks").append(rect);
    }
  }
  viewer.layout();
  viewer.hit(1);
}

export function startViewer() {
  const canvas = document.querySelector(".canvas[data-viewer]");
  if (!canvas || !canvas.querySelector(".sheet")) return;
  const viewer = new Viewer(canvas);
  cleanCopy(canvas);
  const act = {
    "zoom-in": () => viewer.zoomBy(ZOOM_STEP),
    "zoom-out": () => viewer.zoomBy(1 / ZOOM_STEP),
    "zoom-reset": () => viewer.zoomBy(0),
    "fit-width": () => viewer.setFit("width"),
    "fit-height": () => viewer.setFit("height"),
    rotate: () => viewer.rotate(),
    next: () => viewer.page(1),
    previous: () => viewer.page(-1),
    "hit-next": () => viewer.hit(1),
    "hit-previous": () => viewer.hit(-1),
    side: () => {
      const sheet = viewer.current;
      const on = canvas.classList.toggle("two-up");
      for (const button of document.querySelectorAll("[data-act=side]")) button.setAttribute("aria-pressed", String(on));
      viewer.layout();
      sheet?.scrollIntoView({ block: "start" });
    },
  };
  const keys = {
    "+": "zoom-in", "=": "zoom-in", "-": "zoom-out", 0: "zoom-reset", w: "fit-width", h: "fit-height", r: "rotate", d: "side",
    "]": "next", "[": "previous", n: "hit-next", p: "hit-previous",
  };
  for (const [key, name] of Object.entries(keys)) {
    onKey(key, () => {
      act[name]();
      return true;
    });
  }
  for (const button of document.querySelectorAll("[data-act]")) button.addEventListener("click", () => act[button.dataset.act]?.());
  for (const link of document.querySelectorAll(".thumbs a")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      viewer.go(viewer.sheets.find((sheet) => sheet.dataset.number === link.dataset.number));
    });
  }
  const number = document.querySelector("input.page-number");
  number?.addEventListener("change", () => viewer.go(viewer.sheets.find((sheet) => sheet.dataset.number === number.value)));
  const find = document.querySelector("input.find-in");
  find?.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.isComposing && event.keyCode !== 229) {
      event.preventDefault();
      if (find.value === find.dataset.done) viewer.hit(1);
      else findInside(viewer, (find.dataset.done = find.value));
    }
  });
  onKey("c", () => {
    const text = document.getSelection()?.toString();
    if (!text) return false;
    copy(text);
    return true;
  });
  const start = viewer.sheets.find((sheet) => sheet.dataset.number === canvas.dataset.start);
  const mark = start?.querySelector("rect.hit-mark");
  if (mark) {
    viewer.at = viewer.marks.indexOf(mark) - 1;
    viewer.hit(1);
  } else if (start && start !== viewer.sheets[0]) viewer.go(start);
  const evidence = canvas.querySelector("rect.evidence");
  evidence?.scrollIntoView({ block: "center" });
  viewer.note();
  if (!document.activeElement || document.activeElement === document.body) canvas.focus({ preventScroll: true });
}
