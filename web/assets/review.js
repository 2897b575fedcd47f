// The review desk: 1 to 9 take a candidate, u undoes the last decision, s puts the item off, c goes to the field "another customer".
import { onKey } from "./keys.js";
import { offers } from "./find.js";

export function startReview() {
  const desk = document.querySelector("[data-review]");
  if (!desk) return;
  for (const button of desk.querySelectorAll("[data-key]")) {
    onKey(button.dataset.key, () => {
      if (button.disabled) return false;
      button.click();
      return true;
    });
  }
  const other = desk.querySelector("input[data-customer-field]");
  if (other) {
    onKey("c", () => {
      other.focus();
      return true;
    });
    const list = other.parentElement.querySelector(".offers");
    offers(other, list, (text) => `/offers?for=customer&q=${encodeURIComponent(text)}`);
    list.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const item = event.target.closest("[data-customer]");
      if (!item) return;
      event.preventDefault();
      other.value = item.dataset.customer;
      list.hidden = true;
      other.form.requestSubmit();
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
