// Keys of the whole program. A key belongs to the field while somebody types there or an input method is composing.
// A scan gun is a keyboard that is faster than a hand: what it types and ends with Enter is a label, never a command.
import { report, words } from "./report.js";

const handlers = new Map();
/** Keys that decide something or lead away. */
const acts = new Set();

/** Registers what a key does; a later registration for the same key takes precedence where it returns true. */
export function onKey(key, handler) {
  if (!handlers.has(key)) handlers.set(key, []);
  handlers.get(key).unshift(handler);
}

/** The same for what decides something or leads away: it waits until it is known that the key is none of a label. */
export function onAct(key, handler) {
  acts.add(key);
  onKey(key, handler);
}

export function isTyping(event) {
  if (event.isComposing || event.keyCode === 229) return true;
  const at = event.target;
  return at instanceof HTMLElement && (at.isContentEditable || at.matches("input:not([type=checkbox]):not([type=radio]), textarea, select"));
}

/** A scan gun sends its next key sooner than this. */
const PAUSE_MS = 60;
/** No label is shorter. */
const LABEL_KEYS_MIN = 4;
/** Keys that may be held down; no other acts twice. */
const HELD = new Set(["j", "k", "n", "p", "[", "]", "+", "-", "ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "PageUp", "PageDown"]);

/** Keys that were pressed so quickly that they may still become a label. */
const burst = { text: "", at: 0 };
/** Commands that wait until it is known that they are none of a label. */
let waiting = [];
let timer = 0;

/** Goes to what a view names for a key: a field is entered, a link is followed; what is folded away opens first. */
function jumpTo(at) {
  at.closest("details")?.setAttribute("open", "");
  if (at.matches("input, select, textarea")) at.focus();
  else at.click();
}

function field() {
  return document.querySelector("#find");
}

function isPrintable(event) {
  return event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey;
}

/** Keys that only move, however fast, are no label. */
function isLabel(text) {
  const keys = [...text];
  return keys.length >= LABEL_KEYS_MIN && keys.some((key) => !HELD.has(key));
}

/** Sees every key before anything else does and notices the end of a label. */
function watch(event) {
  if (event.isComposing || event.keyCode === 229) {
    burst.text = "";
    return;
  }
  const soon = event.timeStamp - burst.at <= PAUSE_MS;
  if (isPrintable(event) && !event.repeat) {
    burst.text = soon ? burst.text + event.key : event.key;
    burst.at = event.timeStamp;
  } else if (event.key === "Enter") {
    const label = burst.text;
    burst.text = "";
    if (soon && isLabel(label) && !event.ctrlKey && !event.metaKey) scanned(event, label);
  }
}

/** A label in a field that finds something goes on as if typed; anywhere else it sends and presses nothing. */
function scanned(event, label) {
  const at = event.target;
  if (isTyping(event)) {
    const finds = !at.form || at.form.method === "get" || at.hasAttribute("data-takes-label") || at.matches("textarea") || !field();
    if (finds) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    report(words("scanned"), "warn");
    return;
  }
  event.preventDefault();
  event.stopImmediatePropagation();
  forget();
  follow(label.trim());
}

/** The one field that understands says what the label is. */
function follow(label) {
  if (!document.dispatchEvent(new CustomEvent("label", { detail: label, cancelable: true }))) return;
  location.href = `/search?q=${encodeURIComponent(label)}`;
}

function forget() {
  clearTimeout(timer);
  waiting = [];
}

/** So many keys at once that a hand cannot have meant them: they go where text belongs, and do nothing. */
function keep(text) {
  const input = field();
  if (!input) return;
  input.value = text;
  input.focus();
  input.dispatchEvent(new Event("input", { bubbles: true }));
}

function play() {
  const events = waiting;
  forget();
  if (events.length && isLabel(burst.text)) keep(burst.text);
  else events.forEach(run);
}

function run(event) {
  for (const handler of handlers.get(event.key) ?? []) {
    if (handler(event)) {
      event.preventDefault();
      return;
    }
  }
}

export function startKeys() {
  document.addEventListener("keydown", watch, true);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.isComposing) return send(event);
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") return escape(event);
    if (isTyping(event) || (event.repeat && !HELD.has(event.key))) return;
    // What only moves or turns does no harm within a label, which leads away from it.
    const waits = waiting.length || acts.has(event.key);
    if (!isPrintable(event) || event.repeat || !waits) {
      if (event.key !== "Shift") {
        play();
        run(event);
      }
      return;
    }
    event.preventDefault();
    clearTimeout(timer);
    waiting.push(event);
    timer = setTimeout(play, PAUSE_MS);
  });
  onAct("/", () => {
    const input = field();
    input?.focus();
    input?.select();
    return Boolean(input);
  });
  onAct("?", () => {
    const help = document.querySelector("#help");
    if (!help) return false;
    if (help.open) help.close();
    else help.showModal();
    return true;
  });
  for (const at of document.querySelectorAll("[data-jump]")) {
    onAct(at.dataset.jump, () => {
      if (document.querySelector("dialog[open]")) return false;
      jumpTo(at);
      return true;
    });
  }
  for (const close of document.querySelectorAll("dialog [data-close]")) close.addEventListener("click", () => close.closest("dialog").close());
  for (const open of document.querySelectorAll("[data-open]")) {
    open.addEventListener("click", () => document.getElementById(open.dataset.open)?.showModal());
  }
}

/** Ctrl and Enter send the form from any of its fields, as its first button does. */
function send(event) {
  const form = event.target.form;
  if (!(form instanceof HTMLFormElement) || form.method !== "post") return;
  event.preventDefault();
  form.requestSubmit(form.querySelector("button.primary") ?? form.querySelector("button:not([type=button])"));
}

function escape(event) {
  if (event.isComposing || document.querySelector("dialog[open]")) return;
  const open = document.querySelector("details.drop[open]");
  if (open) {
    open.open = false;
    return;
  }
  if (location.hash === "#rail" || location.hash === "#facets") {
    location.hash = "content";
    return;
  }
  if (isTyping(event)) {
    event.target.blur();
    document.querySelector("[data-keyboard-home]")?.focus();
    return;
  }
  const back = document.querySelector("[data-back]");
  if (back) location.href = back.href;
  else if (document.querySelector("[data-viewer]") && document.referrer.startsWith(`${location.origin}/`)) history.back();
}
