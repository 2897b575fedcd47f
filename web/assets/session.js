// The session of the person at this screen. When it has ended that is said at once, and nothing that was typed is lost:
// one signs in again in another tab, and this view goes on with what stands in its fields. A form is sent once.
import { report, words } from "./report.js";

/** A session that was alive so recently is not asked for again. */
const FRESH_MS = 60_000;
let asked = Date.now();
const sent = new Set();

function bar() {
  return document.querySelector("[data-session-over]");
}

function over() {
  const shown = bar();
  if (shown) shown.hidden = false;
}

/** Like `fetch` for parts of views; the end of the session and of the connection are said, and are errors. */
export async function ask(address, options = {}) {
  const answer = await fetch(address, { ...options, headers: { Accept: "text/html", ...options.headers } }).catch((error) => {
    if (error.name !== "AbortError") report(words("unreached"), "warn");
    throw error;
  });
  if (answer.status === 401) {
    over();
    throw new DOMException("the session has ended", "AbortError");
  }
  asked = Date.now();
  return answer;
}

/** Whether somebody is signed in; a session that began meanwhile gives its secret to the forms of this view. */
async function isAlive() {
  const answer = await fetch("/session", { headers: { Accept: "text/html" } }).catch(() => null);
  if (!answer) return true;
  if (answer.status === 401) {
    over();
    return false;
  }
  if (!answer.ok) return true;
  const { name, csrf } = await answer.json();
  // What one person has typed is not sent in the name of another.
  if (name !== bar()?.dataset.sessionOver) {
    location.reload();
    return false;
  }
  asked = Date.now();
  for (const field of document.querySelectorAll("input[name=csrf]")) field.value = csrf;
  if (!bar().hidden) {
    bar().hidden = true;
    report(words("signedInAgain"), "good");
  }
  return true;
}

/** What is sent as one: a form, or a desk whose forms are answers to the same question. */
function unit(form) {
  return form.closest("[data-once]") ?? form;
}

export function isSent(desk) {
  return sent.has(desk);
}

async function guard(event) {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("data-swap")) return;
  if (sent.has(unit(form))) {
    event.preventDefault();
    return;
  }
  if (bar() && (!bar().hidden || Date.now() - asked > FRESH_MS)) {
    event.preventDefault();
    const button = event.submitter;
    if (await isAlive()) form.requestSubmit(button);
    return;
  }
  sent.add(unit(form));
}

export function startSession() {
  document.addEventListener("submit", guard);
  addEventListener("pageshow", () => sent.clear());
  const look = () => {
    if (document.visibilityState === "visible" && bar() && (!bar().hidden || Date.now() - asked > FRESH_MS)) isAlive();
  };
  document.addEventListener("visibilitychange", look);
  addEventListener("focus", look);
}
