// Looks at the view that is open, as a demanding reader would, and hands back what is wrong with it. Asked with the
// language of the view; `window.known` is the data that it may show, whose words are of no language.
const [language] = arguments;
const data = window.known;
const content = document.querySelector("#content");
const wrong = new Set();
const narrow = innerWidth <= 600;
const short = (text) => text.replace(/\s+/g, " ").trim().slice(0, 48);
const named = (at) => `<${at.tagName.toLowerCase()}${at.id ? `#${at.id}` : ""}${at.classList.length ? `.${[...at.classList].join(".")}` : ""}>`;
const say = (what, at, more = "") => wrong.add(`${what}: ${named(at)} ${short(at.textContent || at.value || at.placeholder || "")} ${more}`.trim());

// What is folded away is looked at too.
const folded = [...content.querySelectorAll("details:not([open])")];
for (const fold of folded) fold.open = true;

const shown = (at) => at.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true }) && at.getClientRects().length > 0 && !at.closest(".off-screen, .skip, dialog:not([open])") && getComputedStyle(at).clipPath === "none";
// A dialog lies over everything else, which cannot be reached meanwhile.
const dialog = document.querySelector("dialog[open]");
// Pages of scans have their own tests.
const apart = (at) => (dialog !== null && !dialog.contains(at)) || at.closest(".canvas, .thumbs, .text-layer, .plain-text") !== null;
const all = [...document.querySelectorAll("body *")].filter((at) => !apart(at) && shown(at));
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT, (node) =>
  node.data.trim() && !apart(node.parentElement) && shown(node.parentElement) && !node.parentElement.closest("script, style, option, textarea") ? NodeFilter.FILTER_ACCEPT : NodeFilter.FILTER_REJECT,
);
const texts = [];
while (walker.nextNode()) texts.push(walker.currentNode);

// Nothing is wider than the screen, and nothing is cut.
if (document.documentElement.scrollWidth > innerWidth + 1) wrong.add(`the view is ${document.documentElement.scrollWidth} wide on a screen of ${innerWidth}`);
if (content.scrollWidth > content.clientWidth + 1) wrong.add(`the content is ${content.scrollWidth} wide where ${content.clientWidth} are`);
const frame = content.getBoundingClientRect();
for (const node of texts) {
  const at = node.parentElement;
  if (at.closest(".clip")) continue;
  const range = document.createRange();
  range.selectNodeContents(node);
  for (const box of range.getClientRects()) {
    if (content.contains(at) && (box.right > frame.right + 1 || box.left < frame.left - 1)) say("sticks out", at);
    for (let outer = at; outer !== content && outer !== document.body; outer = outer.parentElement) {
      const style = getComputedStyle(outer);
      if (style.overflowX === "visible" || style.overflowX === "auto") continue;
      const edge = outer.getBoundingClientRect();
      if (box.right > edge.right + 1) say("is cut", at);
    }
  }
}
for (const at of all.filter((at) => at.matches("button, .button, .badge"))) if (at.scrollWidth > at.clientWidth + 1) say("is cut", at);

// No text lies on another one, and no control on another one.
const cross = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 3;
const sticky = (at) => at.closest(".save-bar, .record-save, .corner, .results-head, .thumb, .thumb-one, .adding-sum, .tools") !== null;
for (const row of all.filter((at) => at.matches("tr, li, .field, .view-head, .ways-row, form > p, .label-row"))) {
  const boxes = texts.filter((node) => row.contains(node)).map((node) => {
    const range = document.createRange();
    range.selectNodeContents(node);
    return { node, boxes: [...range.getClientRects()] };
  });
  for (const [n, one] of boxes.entries()) {
    for (const other of boxes.slice(n + 1)) if (one.boxes.some((a) => other.boxes.some((b) => cross(a, b)))) say("lies on another text", one.node.parentElement, `| ${short(other.node.data)}`);
  }
}
const controls = all.filter((at) => at.matches("button, .button, summary, select, textarea, input:not([type=hidden])"));
for (const [n, one] of controls.entries()) {
  for (const other of controls.slice(n + 1)) {
    if (one.contains(other) || other.contains(one) || sticky(one) || sticky(other)) continue;
    // The content scrolls beneath the bars around it.
    if (content.contains(one) !== content.contains(other)) continue;
    if (cross(one.getBoundingClientRect(), other.getBoundingClientRect())) say("lies on another control", one, named(other));
  }
}

// What is pressed with a finger is large enough for one; every control has a name and every name one control.
for (const at of controls) {
  const labelled = at.getAttribute("aria-label") || at.getAttribute("aria-labelledby") || at.labels?.length || at.title || (at.matches("button, .button, summary") && at.textContent.trim());
  if (!labelled) say("has no name", at);
}
const TARGET_PX = narrow ? 44 : 24;
for (const at of all.filter((at) => at.matches("button, .button, summary, select, textarea, input:not([type=hidden], [type=checkbox], [type=radio]), a, .tick"))) {
  // A link within running text is as high as its line (WCAG 2, 2.5.8).
  const inline = at.matches("a") && getComputedStyle(at).display === "inline";
  const { height } = at.getBoundingClientRect();
  if (!inline && height + 0.5 < TARGET_PX) say("is too low for a finger", at, `${height}`);
}
const ids = [...document.querySelectorAll("[id]")].map((at) => at.id);
for (const id of ids.filter((id, n) => ids.indexOf(id) !== n)) wrong.add(`two elements are called ${id}`);
if (!document.querySelector("h1")) wrong.add("there is no heading");

// Text stands out from its ground (WCAG 2, 1.4.3).
const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
const colours = new Map();
const colour = (css) => {
  if (!colours.has(css)) {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = css;
    canvas.fillRect(0, 0, 1, 1);
    colours.set(css, [...canvas.getImageData(0, 0, 1, 1).data].map((part, n) => (n === 3 ? part / 255 : part)));
  }
  return colours.get(css);
};
const over = ([r, g, b, a], ground) => [r, g, b].map((part, n) => part * a + ground[n] * (1 - a));
const ground = (at) => {
  const layers = [];
  for (let outer = at; outer; outer = outer.parentElement) layers.push(colour(getComputedStyle(outer).backgroundColor));
  return layers.reverse().reduce((below, layer) => over(layer, below), [255, 255, 255]);
};
const light = (rgb) => {
  const [r, g, b] = rgb.map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const contrast = (at, css, style) => {
  const below = ground(at);
  let faded = 1;
  for (let outer = at; outer; outer = outer.parentElement) faded *= Number(getComputedStyle(outer).opacity);
  const [r, g, b, a] = colour(css);
  const [one, other] = [light(over([r, g, b, a * faded], below)), light(below)].sort((x, y) => y - x);
  const size = parseFloat(style.fontSize);
  const least = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : 4.5;
  const reached = (one + 0.05) / (other + 0.05);
  if (reached < least) say(`contrast ${reached.toFixed(2)} is less than ${least}`, at);
};
const weak = new Set();
for (const node of texts) {
  const at = node.parentElement;
  if (weak.has(at) || at.matches(":disabled, :disabled *") || at.closest("[disabled]")) continue;
  weak.add(at);
  contrast(at, getComputedStyle(at).color, getComputedStyle(at));
}
for (const at of controls.filter((at) => at.matches("input, select, textarea") && !at.matches("[type=checkbox], [type=radio], :disabled"))) {
  const style = getComputedStyle(at);
  if (at.value) contrast(at, style.color, style);
  else if (at.placeholder) contrast(at, getComputedStyle(at, "::placeholder").color, getComputedStyle(at, "::placeholder"));
}

// Labels are in the language of the view; data is in whatever language it is. No code of the program is shown to people.
const ours = new Set("中文 English CSV TSV XLSX PDF TIFF JPEG PNG WebP OFD GIF BMP UTF API SHA IANA Ctrl Enter Esc Asia Shanghai PP OCRv qms small segments Excel PDFs".split(" "));
const told = (text, at) => {
  if (at.closest("code, kbd, .code, .place-code, time, pre")) return;
  const foreign = language === "en" ? /[\u3400-\u9fff]+/g : /[A-Za-z]{3,}/g;
  for (const [word] of text.matchAll(foreign)) if (!ours.has(word) && !data.includes(word)) say(`“${word}” is of the other language`, at, `in “${short(text)}”`);
  for (const [word] of text.matchAll(/\b[a-z]+(_[a-z0-9]+)+\b/g)) if (!data.includes(word)) say("shows a code", at, word);
  if (text.includes("Unknown localization")) say("lacks a text", at);
  if (language === "zh-CN" && /[\u4e00-\u9fff][,;:!?(]|[,;:!?)][\u4e00-\u9fff]/.test(text) && !data.includes(text.trim())) say("has half-width punctuation", at, short(text));
};
for (const node of texts) told(node.data, node.parentElement);
for (const at of all) {
  for (const name of ["placeholder", "aria-label", "title", "alt"]) if (at.hasAttribute(name)) told(at.getAttribute(name), at);
  if (at.matches("select")) for (const option of at.options) told(option.label, at);
}
for (const fault of window.faults ?? []) wrong.add(`the console says: ${fault}`);
for (const fold of folded) fold.open = false;
return [...wrong];
