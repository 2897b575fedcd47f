// What was typed into a form that was refused is not lost: the form is shown again with it, with why beside it, and with
// what stands there now where somebody else has changed it meanwhile. The same after a session that had ended before it was
// sent. Kept in this tab until the next view, passwords never.
import { words } from "./report.js";

const KEY = "sent";
const TYPED = "input:not([type=hidden]):not([type=password]):not([type=file]), select, textarea";

function read() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY));
  } catch {
    return null;
  }
}

function write(sent) {
  try {
    if (sent) sessionStorage.setItem(KEY, JSON.stringify(sent));
    else sessionStorage.removeItem(KEY);
  } catch {
    // Without room for it the form is filled in again by hand.
  }
}

function typedIn(form) {
  return [...form.querySelectorAll(TYPED)].filter((field) => field.name);
}

/** What the view was loaded with. */
function stands(field) {
  if (!field.matches("select")) return field.defaultValue;
  return ([...field.options].find((option) => option.defaultSelected) ?? field.options[0])?.value;
}

function keep(event) {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("data-swap") || form.querySelector("[type=password]")) return;
  const fields = typedIn(form).map((field) => ({ name: field.name, value: field.value, checked: field.checked, before: stands(field) }));
  write({ view: location.pathname, action: form.getAttribute("action"), who: who(), fields });
}

function who() {
  return document.querySelector("[data-session-over]")?.dataset.sessionOver;
}

/** What was sent without a session led to the door, and from there back to this view: it was not saved. */
function cameFromDoor() {
  return document.referrer.startsWith(`${location.origin}/sign-in`);
}

/** The failure leads back by itself, once; where the view is gone too, the failure stays on the screen. */
function lead(refused, sent) {
  const view = new URL(refused.dataset.refused, location.href);
  if (!sent || sent.why || view.pathname !== sent.view || !sent.fields.length) return write(null);
  write({ ...sent, why: document.querySelector("[data-refused-because]").textContent });
  location.replace(view);
}

function restore(sent) {
  const form = [...document.querySelectorAll("form[method=post]")].find((form) => form.getAttribute("action") === sent.action);
  if (!form) return;
  form.closest("details")?.setAttribute("open", "");
  const fields = typedIn(form);
  for (const [at, kept] of sent.fields.entries()) {
    const field = fields[at]?.name === kept.name ? fields[at] : fields.find((field) => field.name === kept.name);
    if (!field) continue;
    if (field.matches("[type=checkbox], [type=radio]")) {
      if (field.value === kept.value) field.checked = kept.checked;
      continue;
    }
    const now = field.matches("select") ? field.selectedOptions[0]?.textContent : field.value;
    if (field.value !== kept.value && kept.before !== stands(field)) note(field, now);
    field.value = kept.value;
  }
  const why = document.createElement("p");
  why.className = "notice bad";
  why.setAttribute("role", "alert");
  why.textContent = sent.why;
  form.prepend(why);
  form.scrollIntoView({ block: "nearest" });
  fields[0]?.focus();
}

/** What stands there now, beside what was typed. */
function note(field, now) {
  const line = document.createElement("span");
  line.className = "small now";
  line.textContent = (document.querySelector("#corner")?.dataset.now ?? "{value}").replace("{value}", now || "—");
  field.after(line);
}

export function startKept() {
  const refused = document.querySelector("[data-refused]");
  const sent = read();
  if (refused) lead(refused, sent);
  else {
    write(null);
    const why = sent?.why || (cameFromDoor() && words("notSent"));
    if (why && sent?.view === location.pathname && sent.who === who()) restore({ ...sent, why });
  }
  document.addEventListener("submit", keep);
}
