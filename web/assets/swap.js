// A small form that changes only a part of its view: the part is swapped for the one in the answer, nothing jumps.
import { ask } from "./session.js";

export function startSwap() {
  document.addEventListener("submit", async (event) => {
    const form = event.target.closest?.("form[data-swap]");
    if (!form) return;
    event.preventDefault();
    // Where the session or the connection has ended, that was said, and the view stays as it is.
    const answer = await ask(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) }).catch(() => null);
    if (!answer) return;
    const view = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = answer.ok && view.querySelector(form.dataset.swap);
    if (fresh) document.querySelector(form.dataset.swap)?.replaceWith(document.adoptNode(fresh));
    else form.submit();
  });
}
