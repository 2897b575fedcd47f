// The page viewer: sheets below each other, fitted, zoomed and turned; hits walked across pages; text that can be selected.
// Positions come from the server in pixels of the upright page; only this file turns them into positions on the screen.
import { onKey } from "./keys.js";
import { copy } from "./copy.js";
import { report } from "./report.js";
import { ask } from "./session.js";
import { cleanCopy, fetchText, layText, selectedText } from "./viewer-text.js";

const ZOOM_STEP = 1.2;
const WIDTH_PX_MIN = 240;
const WIDTH_PX_MAX = 6000;
const GAP_PX = 16;
/** How much a wheel zooms for each pixel it turns. */
const WHEEL = 0.0022;

class Viewer {
  constructor(canvas) {
    this.canvas = canvas;
    this.sheets = [...canvas.querySelectorAll(".sheet")];
    this.fit = canvas.dataset.fit ?? "width";
    this.zoom = 1;
    this.turn = 0;
    this.at = -1;
    this.scales = new Map();
    this.near = new Set();
    this.layout();
    new ResizeObserver(() => this.layout()).observe(canvas);
    this.watch();
  }

  /** The hits in reading order: each the boxes it has, one for each line that it touches. What was looked for inside
   * the document comes before what led here. */
  get hits() {
    const found = [...this.canvas.querySelectorAll("svg.marks rect.found")];
    const boxes = found.length ? found : [...this.canvas.querySelectorAll("svg.marks rect.hit-mark")];
    const hits = new Map();
    for (const box of boxes) {
      if (!hits.has(box.dataset.hit)) hits.set(box.dataset.hit, []);
      hits.get(box.dataset.hit).push(box);
    }
    return [...hits.values()];
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
    this.room = room;
    const across = this.isTwoUp ? (room - GAP_PX) / 2 : room;
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
      const image = sheet.querySelector("img.page");
      if (image) image.sizes = `${Math.ceil(w * scale)}px`;
      this.scales.set(sheet, scale);
    }
    this.layTexts();
    const label = document.querySelector("[data-zoom-label]");
    if (label) label.textContent = `${Math.round(this.zoom * 100)}\u202f%`;
  }

  /** The text over the pages cannot be seen and measuring it takes time: at first the pages are painted, and only
   * sheets that are near get theirs. */
  layTexts() {
    if (this.painted) {
      for (const sheet of this.near) layText(sheet, this.scales.get(sheet));
    } else if (!this.waiting) {
      this.waiting = true;
      requestAnimationFrame(() =>
        setTimeout(() => {
          this.painted = true;
          this.layTexts();
        }),
      );
    }
  }

  get isTwoUp() {
    return this.canvas.classList.contains("two-up") && this.sheets.length > 1;
  }

  /** Turns a sheet and keeps the room that it then takes: turning moves pixels, not boxes. */
  place(sheet, width, height) {
    const turned = this.turn % 360 !== 0;
    sheet.toggleAttribute("data-turning", turned);
    sheet.style.transform = turned ? `rotate(${this.turn}deg)` : "";
    if (this.turn % 180 === 0) {
      sheet.style.margin = "";
      return;
    }
    const shift = (height - width) / 2;
    const side = shift + (this.isTwoUp ? 0 : Math.max(0, (this.room - height) / 2));
    sheet.style.margin = `${-shift}px ${side}px ${-shift + (this.isTwoUp ? 0 : GAP_PX)}px`;
  }

  /** Zooms so that the place under the point stays where it is; without a point the middle of the canvas does. */
  zoomBy(factor, at) {
    const frame = this.canvas.getBoundingClientRect();
    const point = at ?? { x: frame.left + this.canvas.clientWidth / 2, y: frame.top + this.canvas.clientHeight / 2 };
    const under = (sheet) => sheet.getBoundingClientRect().bottom > point.y;
    const sheet = at ? (this.sheets.find(under) ?? this.current) : this.current;
    const before = sheet.getBoundingClientRect();
    const share = { x: (point.x - before.left) / before.width, y: (point.y - before.top) / before.height };
    this.zoom = factor === 0 ? 1 : Math.max(0.2, Math.min(8, this.zoom * factor));
    this.layout();
    const after = sheet.getBoundingClientRect();
    this.canvas.scrollTop += after.top + share.y * after.height - point.y;
    this.canvas.scrollLeft += after.left + share.x * after.width - point.x;
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
    const hits = this.hits;
    if (!hits.length) return false;
    if (this.at < 0 && by > 0) {
      const from = this.sheets.indexOf(this.current);
      const index = hits.findIndex(([box]) => this.sheets.indexOf(box.closest(".sheet")) >= from);
      this.at = index < 0 ? 0 : index;
    } else {
      this.at = (this.at + by + hits.length) % hits.length;
    }
    this.showHit(hits);
    return true;
  }

  showHit(hits) {
    for (const box of this.canvas.querySelectorAll("svg.marks rect.now")) box.classList.remove("now");
    for (const box of hits[this.at]) box.classList.add("now");
    hits[this.at][0].scrollIntoView({ block: "center", inline: "nearest" });
    const label = document.querySelector("[data-hit-label]");
    if (label) label.textContent = `${this.at + 1} / ${hits.length}`;
    document.querySelector("[data-hit-tools]")?.removeAttribute("hidden");
    this.note();
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
        for (const { target, isIntersecting } of entries) {
          if (!isIntersecting) {
            this.near.delete(target);
            continue;
          }
          this.near.add(target);
          fetchText(target).then(() => this.painted && layText(target, this.scales.get(target)));
        }
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

/** Finds words inside the document that is open, as the search does: folded, across line breaks, to the character. */
async function findInside(viewer, words) {
  for (const box of viewer.canvas.querySelectorAll("rect.found")) box.remove();
  viewer.at = -1;
  if (!words.trim()) return;
  const answer = await ask(`${viewer.canvas.dataset.find}?q=${encodeURIComponent(words)}`, { headers: { Accept: "application/json" } }).catch(() => null);
  if (!answer?.ok) return;
  const hits = await answer.json();
  hits.forEach((hit, n) => {
    const svg = viewer.sheets.find((sheet) => Number(sheet.dataset.number) === hit.page)?.querySelector("svg.marks");
    for (const [x, y, w, h] of hit.boxes) {
      const box = document.createElementNS("http://www.w3.org/2000/svg", "rect");
      Object.entries({ x, y, width: w, height: h, class: "hit-mark found", "data-hit": `f${n}` }).forEach(([name, value]) => box.setAttribute(name, value));
      svg?.append(box);
    }
  });
  if (!viewer.hit(1)) report((viewer.canvas.dataset.findNone ?? "{text}").replace("{text}", words), "bad");
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
  // Ctrl and the wheel, which is also what two fingers on a touchpad send.
  canvas.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      viewer.zoomBy(Math.exp(-event.deltaY * WHEEL), { x: event.clientX, y: event.clientY });
    },
    { passive: false },
  );
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
  onKey("f", () => {
    find?.focus();
    find?.select();
    return Boolean(find);
  });
  onKey("c", () => {
    const text = selectedText(canvas) || document.getSelection()?.toString();
    if (!text) return false;
    copy(text);
    return true;
  });
  const start = viewer.sheets.find((sheet) => sheet.dataset.number === canvas.dataset.start);
  const at = viewer.hits.findIndex(([box]) => box.closest(".sheet") === start);
  if (at >= 0) {
    viewer.at = at;
    viewer.showHit(viewer.hits);
  } else if (start && start !== viewer.sheets[0]) viewer.go(start);
  const evidence = canvas.querySelector("rect.evidence");
  evidence?.scrollIntoView({ block: "center" });
  viewer.note();
  // A view that asks for a field is not kept from it by a script that was sooner.
  const wanted = document.querySelector(".decide [autofocus]") ?? canvas;
  if (!document.activeElement || document.activeElement === document.body) wanted.focus({ preventScroll: true });
}
