// A small form that changes only a part of its view: the part is swapped for the one in the answer, nothing jumps.
export function startSwap() {
  document.addEventListener("submit", async (event) => {
    const form = event.target.closest?.("form[data-swap]");
    if (!form) return;
    event.preventDefault();
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), headers: { Accept: "text/html" } });
    const view = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = answer.ok && view.querySelector(form.dataset.swap);
    if (fresh) document.querySelector(form.dataset.swap)?.replaceWith(document.adoptNode(fresh));
    else form.submit();
  });
}
