// The one search field: offers as one types (customers, numbers, places), results that replace results in place.
// Nothing happens while an input method is composing, and the Enter that ends a composition is not an Enter.
import { ask } from "./session.js";

const WAIT_MS = 120;

/** Calls `act(text, signal)` after a pause in typing; an older call is cancelled. Composition-safe. */
export function whileTyping(input, act, wait = WAIT_MS) {
  let timer = 0;
  let running = null;
  let composing = false;
  let last = input.value;
  const soon = () => {
    if (composing || input.value === last) return;
    last = input.value;
    clearTimeout(timer);
    running?.abort();
    timer = setTimeout(async () => {
      running = new AbortController();
      try {
        await act(input.value, running.signal);
      } catch (error) {
        if (error.name !== "AbortError") console.error(error);
      }
    }, wait);
  };
  input.addEventListener("compositionstart", () => {
    composing = true;
    clearTimeout(timer);
  });
  input.addEventListener("compositionend", () => {
    composing = false;
    soon();
  });
  input.addEventListener("input", soon);
  return () => {
    clearTimeout(timer);
    running?.abort();
  };
}

/** Makes `list` a list of offers under `input`: arrows choose, Enter follows, Escape closes. With `whenEmpty` an empty
 * field offers too, once it is clicked or asked with an arrow; with `always` so does one that is filled. */
export function offers(input, list, source, whenEmpty = false, always = false) {
  const close = () => {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const show = async (text, signal) => {
    const answer = await ask(source(text), { signal });
    if (!answer.ok) return close();
    list.innerHTML = await answer.text();
    list.dataset.of = text;
    const some = list.children.length > 0 && document.activeElement === input;
    list.hidden = !some;
    input.setAttribute("aria-expanded", String(some));
  };
  const cancel = whileTyping(input, (text, signal) => (text.trim() || whenEmpty ? show(text, signal) : close()));
  const offersOwn = () => whenEmpty && list.hidden && (always || !input.value.trim());
  const showOwn = () => offersOwn() && show("", new AbortController().signal);
  if (whenEmpty) input.addEventListener("pointerdown", showOwn);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "ArrowDown" && offersOwn()) {
      event.preventDefault();
      showOwn();
      return;
    }
    const items = [...list.querySelectorAll("[role=option]")];
    const at = items.findIndex((item) => item.getAttribute("aria-selected") === "true");
    if (!list.hidden && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      const next = event.key === "ArrowDown" ? Math.min(at + 1, items.length - 1) : Math.max(at - 1, -1);
      items.forEach((item, n) => item.setAttribute("aria-selected", String(n === next)));
      if (items[next]) {
        items[next].scrollIntoView({ block: "nearest" });
        input.setAttribute("aria-activedescendant", items[next].id);
      }
    } else if (event.key === "Enter" && !list.hidden && at >= 0) {
      event.preventDefault();
      items[at].click();
    } else if (event.key === "Enter" && !list.hidden && input.dataset.offers === "customer" && items.length === 1 && list.dataset.of === input.value) {
      // One customer fits what stands there, and no other.
      event.preventDefault();
      items[0].click();
    } else if (event.key === "Escape" && !list.hidden) {
      event.stopPropagation();
      close();
    } else if (event.key === "Enter") {
      cancel();
      close();
    }
  });
  input.addEventListener("blur", () => setTimeout(close, 150));
  return close;
}

/** Fields that ask for a customer or a place: what is chosen is filled in, and sent where nothing else is asked. */
function startFields() {
  for (const field of document.querySelectorAll("input[data-offers]")) {
    const list = field.parentElement.querySelector(".offers");
    offers(field, list, (text) => `/offers?for=${field.dataset.offers}&q=${encodeURIComponent(text)}`, field.hasAttribute("data-offers-all"), true);
    list.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const item = event.target.closest("[data-fills]");
      if (!item) return;
      event.preventDefault();
      field.value = item.dataset.fills;
      list.hidden = true;
      if (field.form.querySelectorAll("select, input:not([type=hidden])").length === 1) field.form.requestSubmit();
    });
  }
}

export function startFind() {
  startFields();
  const form = document.querySelector("form.find");
  if (!form) return;
  const input = form.querySelector("input");
  // An Enter that ends a composition must not submit, in every browser.
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.isComposing || event.keyCode === 229)) event.preventDefault();
  });
  const list = form.querySelector(".offers");
  const close = offers(input, list, (text) => `/offers?q=${encodeURIComponent(text)}`, true);
  if (document.activeElement === input) input.select();
  if (document.querySelector("[data-live-results]")) startLiveResults(form, input, close);
  for (const field of document.querySelectorAll("input[data-live-table]")) {
    whileTyping(field, async (text, signal) => {
      const address = new URL(location.href);
      address.searchParams.set(field.name, text);
      address.searchParams.delete("after");
      const fresh = await view(address, TYPED, signal);
      const table = fresh.querySelector("[data-live-target]");
      if (table) document.querySelector("[data-live-target]").replaceWith(document.adoptNode(table));
      history.replaceState(null, "", address);
    });
  }
}

/** What the server is told of the text: still being typed, or sent. Only what was sent may lead to another view. */
const TYPED = "results";
const SENT = "sent";

/** Results replace results in place. What is typed changes one entry of the history, what is sent leaves one behind. */
function startLiveResults(form, input, close) {
  const here = (text) => {
    const address = new URL(location.href);
    if (text.trim()) address.searchParams.set("q", text);
    else address.searchParams.delete("q");
    // What was said of the search before belongs to that one.
    for (const name of ["after", "said", "undo"]) address.searchParams.delete(name);
    return address;
  };
  const note = (address, isTyped) => {
    const replaces = history.state?.isTyped || address.href === location.href;
    history[replaces ? "replaceState" : "pushState"]({ isTyped }, "", address);
  };
  const cancel = whileTyping(input, async (text, signal) => {
    const address = here(text);
    if (await replaceResults(address, TYPED, signal)) note(address, true);
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    cancel();
    close();
    const address = here(input.value);
    if (!(await replaceResults(address, SENT, new AbortController().signal).catch(() => false))) return;
    note(address, false);
    document.querySelector("[data-live-results] [data-keyboard-home]")?.focus();
  });
  addEventListener("popstate", () => {
    input.value = new URL(location.href).searchParams.get("q") ?? "";
    replaceResults(location.href, TYPED, new AbortController().signal).catch(() => {});
  });
  // A browser that goes back keeps what stood in the field when it was left, or nothing.
  addEventListener("pageshow", () => {
    input.value = new URL(location.href).searchParams.get("q") ?? "";
    if (document.activeElement === input) input.select();
  });
}

async function view(address, part, signal) {
  const answer = await ask(address, { signal, headers: { "X-Part": part } });
  const leads = answer.headers.get("x-leads-to");
  if (leads) {
    location.href = leads;
    return null;
  }
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

async function replaceResults(address, part, signal) {
  const fresh = await view(address, part, signal);
  const results = fresh?.querySelector("[data-live-results]");
  if (!results) return false;
  document.querySelector("[data-live-results]").replaceWith(document.adoptNode(results));
  document.title = fresh.title;
  document.dispatchEvent(new CustomEvent("results"));
  return true;
}
