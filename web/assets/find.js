// The one search field: offers as one types (customers, numbers, places), results that replace results in place.
// Nothing happens while an input method is composing, and the Enter that ends a composition is not an Enter.
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
 * field offers too, once it is clicked or asked with an arrow. */
export function offers(input, list, source, whenEmpty = false) {
  const close = () => {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const show = async (text, signal) => {
    const answer = await fetch(source(text), { signal, headers: { Accept: "text/html" } });
    if (!answer.ok) return close();
    list.innerHTML = await answer.text();
    const some = list.children.length > 0 && document.activeElement === input;
    list.hidden = !some;
    input.setAttribute("aria-expanded", String(some));
  };
  const cancel = whileTyping(input, (text, signal) => (text.trim() || whenEmpty ? show(text, signal) : close()));
  const showOwn = () => !input.value.trim() && whenEmpty && list.hidden && show("", new AbortController().signal);
  if (whenEmpty) input.addEventListener("pointerdown", showOwn);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    if (list.hidden && event.key === "ArrowDown" && whenEmpty && !input.value.trim()) {
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

export function startFind() {
  const form = document.querySelector("form.find");
  if (!form) return;
  const input = form.querySelector("input");
  // An Enter that ends a composition must not submit, in every browser.
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.isComposing || event.keyCode === 229)) event.preventDefault();
  });
  const list = form.querySelector(".offers");
  const close = offers(input, list, (text) => `/offers?q=${encodeURIComponent(text)}`, true);
  const results = document.querySelector("[data-live-results]");
  if (results) {
    whileTyping(input, async (text, signal) => {
      const address = new URL(location.href);
      if (text.trim()) address.searchParams.set("q", text);
      else address.searchParams.delete("q");
      address.searchParams.delete("after");
      await replaceResults(address, signal);
    });
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      close();
      const address = new URL(location.href);
      address.searchParams.set("q", input.value);
      address.searchParams.delete("after");
      await replaceResults(address, new AbortController().signal);
      document.querySelector("[data-live-results]")?.querySelector("[data-keyboard-home]")?.focus();
    });
  }
  for (const field of document.querySelectorAll("input[data-live-table]")) {
    whileTyping(field, async (text, signal) => {
      const address = new URL(location.href);
      address.searchParams.set(field.name, text);
      address.searchParams.delete("after");
      const fresh = await view(address, signal);
      const table = fresh.querySelector("[data-live-target]");
      if (table) document.querySelector("[data-live-target]").replaceWith(document.adoptNode(table));
      history.replaceState(null, "", address);
    });
  }
}

async function view(address, signal) {
  const answer = await fetch(address, { signal, headers: { Accept: "text/html", "X-Part": "results" } });
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

async function replaceResults(address, signal) {
  // What was said of the search before belongs to that one.
  for (const name of ["said", "undo"]) address.searchParams.delete(name);
  const fresh = await view(address, signal);
  const part = fresh.querySelector("[data-live-results]");
  if (!part) return;
  document.querySelector("[data-live-results]").replaceWith(document.adoptNode(part));
  history.replaceState(null, "", address);
  document.dispatchEvent(new CustomEvent("results"));
}
