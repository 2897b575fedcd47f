// How pages were read: marks of places that were not read can be hidden, and whoever types over a line sees its place.
import { onAct, onKey } from "./keys.js";

export function startReading() {
  const toggle = document.querySelector("[data-regions-toggle]");
  const canvas = document.querySelector(".canvas[data-viewer]");
  if (toggle && canvas) {
    const flip = () => {
      const off = canvas.dataset.regions !== "off";
      canvas.dataset.regions = off ? "off" : "on";
      toggle.setAttribute("aria-pressed", String(!off));
      return true;
    };
    toggle.addEventListener("click", flip);
    onKey("u", flip);
  }
  const desk = document.querySelector("[data-look]");
  if (desk) {
    desk.addEventListener("focusin", (event) => {
      const form = event.target.closest("form[data-place]");
      for (const mark of desk.querySelectorAll("svg.marks rect.now")) mark.classList.remove("now");
      if (!form) return;
      const mark = desk.querySelector(`svg.marks rect[data-${form.dataset.place}="${form.dataset.at}"]`);
      mark?.classList.add("now");
      mark?.scrollIntoView({ block: "center", inline: "nearest" });
    });
    for (const control of desk.querySelectorAll("[data-key]")) {
      onAct(control.dataset.key, () => {
        control.click();
        return true;
      });
    }
  }
}
