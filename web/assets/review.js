// The review desk: 1 to 9 take a candidate, x says that it is nobody's, u undoes the last decision, s puts the item off,
// c goes to the field "another customer", a adds one, b leads to the decisions so far. What opens a field besides (e, m, v,
// t) says so itself.
import { onAct } from "./keys.js";
import { isSent } from "./session.js";

export function startReview() {
  const desk = document.querySelector("[data-review]");
  if (!desk) return;
  for (const button of desk.querySelectorAll("[data-key]")) {
    onAct(button.dataset.key, () => {
      // A decision was made; keys mean nothing until the next document stands there.
      if (button.disabled || isSent(desk)) return true;
      button.click();
      return true;
    });
  }
  const other = desk.querySelector("#other-customer");
  if (other) {
    onAct("c", () => {
      other.focus();
      return true;
    });
  }
  // Showing where a reason stands: resting on a candidate brings its evidence into view.
  for (const candidate of desk.querySelectorAll("[data-evidence]")) {
    const show = () => {
      for (const rect of document.querySelectorAll("rect.evidence")) rect.classList.toggle("now", rect.dataset.rank === candidate.dataset.evidence);
      document.querySelector("rect.evidence.now")?.scrollIntoView({ block: "nearest" });
    };
    candidate.addEventListener("focus", show);
    candidate.addEventListener("pointerenter", show);
  }
}
