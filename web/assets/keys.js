// Keys of the whole program. A key belongs to the field while somebody types there or an input method is composing.
const handlers = new Map();

/** Registers what a key does; a later registration for the same key takes precedence where it returns true. */
export function onKey(key, handler) {
  if (!handlers.has(key)) handlers.set(key, []);
  handlers.get(key).unshift(handler);
}

export function isTyping(event) {
  if (event.isComposing || event.keyCode === 229) return true;
  const at = event.target;
  return at instanceof HTMLElement && (at.isContentEditable || at.matches("input:not([type=checkbox]):not([type=radio]), textarea, select"));
}

/** A scan gun sends its next key sooner than this, and what it scans is no command. */
const PAUSE_MS = 60;
let jump = 0;

/** Goes to what a view names for a key: a field is entered, a link is followed; what is folded away opens first. */
function jumpTo(at) {
  at.closest("details")?.setAttribute("open", "");
  if (at.matches("input, select, textarea")) at.focus();
  else at.click();
}

function field() {
  return document.querySelector("#find");
}

export function startKeys() {
  document.addEventListener("keydown", (event) => {
    clearTimeout(jump);
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.isComposing) return send(event);
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") return escape(event);
    if (isTyping(event)) return;
    for (const handler of handlers.get(event.key) ?? []) {
      if (handler(event)) {
        event.preventDefault();
        return;
      }
    }
  });
  onKey("/", () => {
    const input = field();
    input?.focus();
    input?.select();
    return Boolean(input);
  });
  onKey("?", () => {
    const help = document.querySelector("#help");
    if (!help) return false;
    if (help.open) help.close();
    else help.showModal();
    return true;
  });
  for (const at of document.querySelectorAll("[data-jump]")) {
    onKey(at.dataset.jump, () => {
      if (document.querySelector("dialog[open]")) return false;
      jump = setTimeout(() => jumpTo(at), PAUSE_MS);
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
}
