// A running batch reports into its own place: the part of the view is fetched again until the batch has ended.
import { ask } from "./session.js";

const EVERY_MS = 1500;

export function startBatch() {
  const part = document.querySelector("[data-follow]");
  if (part) setTimeout(follow, EVERY_MS);
}

async function follow() {
  const answer = await ask(location.href).catch(() => null);
  if (answer?.ok) {
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-live-target]");
    if (fresh) document.querySelector("[data-live-target]").replaceWith(document.adoptNode(fresh));
  }
  if (document.querySelector("[data-follow]")) setTimeout(follow, EVERY_MS);
}
