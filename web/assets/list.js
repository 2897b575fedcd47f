// The list of a delivery is looked at as soon as it is chosen: what its lines say, what of it is unknown, and which files it
// does not speak of. A column that is meant otherwise is said here, and the list goes up with that.
import { ask } from "./session.js";

export class ListLook {
  constructor(root) {
    this.at = root.querySelector("[data-list-look]");
    this.list = null;
    this.seen = "";
    this.running = null;
    this.at.addEventListener("change", () => this.columnsSaid());
  }

  /** Looks again where the list or the files beside it are others. */
  look(files) {
    this.list = files.find((one) => one.isList && one.file) ?? null;
    this.names = files.filter((one) => !one.isList).map((one) => one.name);
    const seen = this.list ? [this.list.list, this.list.file.size, ...this.names].join("\n") : "";
    if (seen === this.seen) return;
    this.seen = seen;
    if (!this.list) {
      this.running?.abort();
      this.at.replaceChildren();
      return;
    }
    this.send((form) => form.set("file", this.list.file, this.list.list));
  }

  columnsSaid() {
    const list = this.list;
    this.send((form) => {
      form.set("table", this.at.querySelector("[data-list-table]").value);
      for (const column of this.at.querySelectorAll("[data-list-column]")) form.set(column.name, column.value);
    }).then((is) => {
      if (!is || list !== this.list) return;
      // The list is sent as it is meant now.
      list.name = "manifest.csv";
      list.file = new File([this.at.querySelector("[data-list-table]").value], list.name, { type: "text/csv" });
      this.seen = [list.list, list.file.size, ...this.names].join("\n");
    });
  }

  async send(fill) {
    this.running?.abort();
    this.running = new AbortController();
    const form = new FormData();
    form.set("csrf", document.querySelector("input[name=csrf]").value);
    form.set("files", this.names.join("\n"));
    fill(form);
    const open = [...this.at.querySelectorAll("details")].map((one) => one.open);
    const answer = await ask("/add/list", { method: "POST", body: form, signal: this.running.signal }).catch(() => null);
    const fresh = answer && new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-list-looked]");
    if (!fresh) return false;
    for (const [at, one] of [...fresh.querySelectorAll("details")].entries()) one.open ||= Boolean(open[at]);
    this.at.replaceChildren(document.adoptNode(fresh));
    return answer.ok;
  }
}
