// The text over a page: laid upon its ink, fetched when the page comes near, copied clean.
import { ask } from "./session.js";

/** Text of a sheet that has not come with the view is fetched when the sheet comes near. */
export async function fetchText(sheet) {
  const layer = sheet.querySelector(".text-layer[data-source]");
  if (!layer) return;
  const source = layer.dataset.source;
  layer.removeAttribute("data-source");
  const answer = await ask(source).catch(() => null);
  if (!answer?.ok) return;
  layer.innerHTML = await answer.text();
}

/** Lays each line of text over its ink: as high as its box, stretched to the width of its box. Measured in pixels of
 * the sheet itself, so it holds for a sheet that is turned as well. */
export function layText(sheet, scale) {
  const layer = sheet.querySelector(".text-layer");
  if (!layer) return;
  const lines = [...layer.querySelectorAll("p")];
  for (const line of lines) {
    const [x, y, w, h] = boxOf(line).map((part) => part * scale);
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

/** What is copied is the text as a person would type it: a sentence goes on over the end of its line, no spaces within
 * Chinese, nothing of the view. */
export function cleanCopy(canvas) {
  canvas.addEventListener("copy", (event) => {
    const text = selectedText(canvas);
    if (!text) return;
    event.clipboardData.setData("text/plain", text);
    event.preventDefault();
  });
}

/** The selected text of the pages; empty when nothing of them is selected. */
export function selectedText(canvas) {
  const selection = document.getSelection();
  if (!selection || selection.isCollapsed || !selection.rangeCount) return "";
  const chosen = selection.getRangeAt(0);
  const parts = [];
  for (const line of canvas.querySelectorAll(".text-layer p")) {
    if (!selection.containsNode(line, true)) continue;
    const range = document.createRange();
    range.selectNodeContents(line);
    if (range.compareBoundaryPoints(Range.START_TO_START, chosen) < 0) range.setStart(chosen.startContainer, chosen.startOffset);
    if (range.compareBoundaryPoints(Range.END_TO_END, chosen) > 0) range.setEnd(chosen.endContainer, chosen.endOffset);
    const text = range.toString();
    if (text.trim()) parts.push({ text, line });
  }
  let whole = "";
  parts.forEach(({ text, line }, n) => {
    if (n > 0) whole += between(parts[n - 1].line, line, whole, text);
    whole += text;
  });
  return tidied(whole);
}

const boxOf = (line) => line.dataset.box.split(",").map(Number);
const SENTENCE_ENDS = /[。！？；：!?;:]\s*$/u;
const WORD = /[\p{Script=Latin}\p{Nd}]/u;

/** What stands between two lines of text: nothing or a space where the second goes on with the first, else a break. */
function between(before, after, textBefore, textAfter) {
  const layer = before.parentElement;
  if (layer !== after.parentElement) return "\n";
  const [ax, ay, aw, ah] = boxOf(before);
  const [bx, by, , bh] = boxOf(after);
  const tall = Math.max(ah, bh);
  // Parts of one printed line, such as cells of a table.
  if (Math.min(ay + ah, by + bh) - Math.max(ay, by) > Math.min(ah, bh) / 2) return bx > ax ? " " : "\n";
  const alike = tall < 1.6 * Math.min(ah, bh) && by > ay && by - (ay + ah) < tall;
  if (!alike || SENTENCE_ENDS.test(textBefore)) return "\n";
  // The block both stand in: its lines reach as far as the longest of them and begin at one edge.
  const block = [...layer.querySelectorAll("p")].map(boxOf).filter(([x, y, w]) => Math.abs(y - ay) < 12 * tall && x < ax + aw && x + w > ax);
  const right = Math.max(...block.map(([x, , w]) => x + w));
  const left = Math.min(...block.map(([x]) => x));
  const goesOn = ax + aw > right - 1.5 * tall && bx < left + 1.2 * tall;
  if (!goesOn) return "\n";
  const joined = WORD.test(textBefore.trimEnd().at(-1) ?? "") && WORD.test(textAfter.trimStart()[0] ?? "");
  return joined ? " " : "";
}

const HAN = "[\\p{Script=Han}，。、；：？！“”‘’（）《》【】…—]";
const SPACE_IN_HAN = new RegExp(`(?<=${HAN})[ \\u3000]+(?=${HAN})`, "gu");

function tidied(text) {
  return text
    .replace(/[\t\u00a0 ]+/g, " ")
    .replace(SPACE_IN_HAN, "")
    .replace(/ *\n */g, "\n")
    .trim();
}
