// Adding papers: files, a folder or photographs are chosen, put in order and sent. Photographs are cut to the paper on them.
import { forgetOthers, keptFiles } from "./kept-files.js";
import { ListLook } from "./list.js";
import { cutToPaper, startPhoto } from "./photo.js";
import { Sending, bytesOf, fill, size } from "./sending.js";

const ROWS_SHOWN = 300;

class Adding extends Sending {
  constructor(root) {
    super(root);
    this.body = root.querySelector(".adding-files tbody");
    this.look = new ListLook(root);
    this.group = 1;
    for (const button of root.querySelectorAll("[data-choose]")) {
      button.addEventListener("click", () => root.querySelector(`[data-source=${button.dataset.choose}]`).click());
    }
    for (const source of root.querySelectorAll("[data-source]")) {
      source.addEventListener("change", async () => {
        const isPhoto = source.dataset.source === "photo";
        const chosen = [...source.files];
        source.value = "";
        for (const file of chosen) {
          const { file: paper, whole } = isPhoto && !this.upload ? ((await cutToPaper(file)) ?? {}) : { file };
          if (paper) this.add(paper, file.webkitRelativePath || file.name, isPhoto, whole);
        }
        this.again = null;
        this.show();
        if (this.upload) this.goOn();
      });
    }
    root.querySelector("[data-next-document]").addEventListener("click", () => {
      this.group += 1;
      root.querySelector("[data-choose=photo]").click();
    });
    this.listenToDrops(root.querySelector("[data-drop]"));
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send();
    });
    const open = [...document.querySelectorAll("[data-resume]")];
    forgetOthers(open.map((button) => button.dataset.resume));
    for (const button of open) button.addEventListener("click", () => this.resumeUpload(button.dataset.resume));
    this.again = null;
    this.part("retry").addEventListener("click", () => this.tryAgain());
    this.part("cancel").addEventListener("click", () => this.cancel());
    addEventListener("beforeunload", (event) => {
      if (this.upload && !this.stopped) event.preventDefault();
    });
  }

  listenToDrops(area) {
    const over = (event) => {
      event.preventDefault();
      area.classList.toggle("over", event.type === "dragover");
    };
    area.addEventListener("dragover", over);
    area.addEventListener("dragleave", over);
    area.addEventListener("drop", async (event) => {
      over(event);
      const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
      for (const entry of entries) await this.addEntry(entry, "");
      this.show();
    });
  }

  async addEntry(entry, folder) {
    const name = folder + entry.name;
    if (entry.isFile) {
      const file = await new Promise((done) => entry.file(done, () => done(null)));
      if (file) this.add(file, name, false);
      return;
    }
    const reader = entry.createReader();
    for (;;) {
      const some = await new Promise((done) => reader.readEntries(done, () => done([])));
      if (!some.length) return;
      for (const one of some) await this.addEntry(one, `${name}/`);
    }
  }

  add(file, name, isPhoto, whole = file) {
    if (this.again) {
      Object.assign(this.again, { file, whole, name: this.again.name.replace(/-[^/]*$/, `-${name}`) });
      return;
    }
    if (this.upload) return this.match(file, name);
    // One table beside the scans is their list.
    const ending = !name.includes("/") && name.match(/\.(csv|xlsx)$/i)?.[0];
    if (ending && !this.files.some((one) => one.isList)) {
      this.files.push({ file, name: `manifest${ending.toLowerCase()}`, document: "", list: name, isList: true, received: 0, state: "" });
      return;
    }
    const document = isPhoto ? this.words.document.replace("{n}", this.group) : "";
    this.files.push({ file, whole, name, document, isPhoto, received: 0, state: "" });
    this.number();
    if (isPhoto) this.root.querySelector("[data-next-document]").hidden = false;
  }

  /** Photographs are called after their document and their place in it. */
  number() {
    for (const [at, one] of this.files.filter((one) => one.isPhoto).entries()) {
      const own = one.name.replace(/^.*\/\d{4}-/, "");
      one.name = `${one.document}/${String(at + 1).padStart(4, "0")}-${own}`;
    }
  }

  /** One page further to the front or to the back of its document. */
  move(one, by) {
    const from = this.files.indexOf(one);
    const to = from + by;
    if (this.files[to]?.document !== one.document) return;
    [this.files[from], this.files[to]] = [this.files[to], one];
    this.number();
    this.show();
    one.row.querySelector(by < 0 ? "[data-earlier]" : "[data-later]")?.focus();
  }

  /** A file that was chosen again goes on where it was cut. */
  match(file, name) {
    const fits = (one) => !one.file && one.bytes === file.size;
    const wanted = this.files.find((one) => fits(one) && one.name === name) ?? this.files.find((one) => fits(one) && one.name.endsWith(name));
    if (wanted) Object.assign(wanted, { file, state: "" });
  }

  /** Goes on with an upload that an earlier view began: with the files that the browser kept, else with those chosen again. */
  async resumeUpload(id) {
    const upload = await this.call("GET", `/${id}`);
    const kept = await keptFiles(id);
    this.upload = upload;
    this.files = upload.files.map(({ number, path, bytes, document, received }) => ({ number, name: path, bytes, document, received, file: kept.get(number), state: "" }));
    document.querySelector("[data-open-uploads]").hidden = true;
    this.show();
    this.goOn();
  }

  goOn() {
    const missing = this.files.filter((one) => !one.file && one.received < one.bytes);
    this.part("cancel").hidden = false;
    if (missing.length) this.fault(fill(this.words.again, { files: missing.length, name: missing[0].name }));
    else this.send();
  }

  show() {
    const table = this.root.querySelector("table.adding-files");
    table.hidden = !this.files.length;
    if (!this.upload) this.look.look(this.files);
    this.body.replaceChildren(...this.files.slice(0, ROWS_SHOWN).map((one) => this.row(one)));
    this.part("send").disabled = !this.files.length || Boolean(this.upload);
    const tooMany = this.files.length > Number(this.words.files);
    this.fault(tooMany ? this.words.tooMany : "");
    const bytes = this.files.reduce((sum, one) => sum + bytesOf(one), 0);
    this.part("sum").textContent = fill(this.words.chosen, { files: this.files.length, size: size(bytes) });
  }

  row(one) {
    const row = document.createElement("tr");
    const cells = ["lead", "", "num nowrap", "", ""].map((name) => {
      const cell = document.createElement("td");
      cell.className = name;
      row.append(cell);
      return cell;
    });
    cells[0].textContent = one.name;
    cells[1].textContent = one.list ? fill(this.words.list, { name: one.list }) : one.document;
    cells[2].textContent = size(bytesOf(one));
    one.cell = cells[3];
    cells[3].textContent = one.state || this.words.waiting;
    one.row = row;
    cells[4].append(this.button(this.words.remove, one, () => this.leaveOut(one)));
    if (one.isPhoto && !this.upload) {
      for (const [name, by] of [["earlier", -1], ["later", 1]]) {
        const button = this.button(this.words[name], one, () => this.move(one, by));
        button.setAttribute(`data-${name}`, "");
        button.disabled = this.files[this.files.indexOf(one) + by]?.document !== one.document;
        cells[4].append(button);
      }
      const edges = async () => {
        Object.assign(one, (await cutToPaper(one.whole, true)) ?? {});
        this.show();
      };
      cells[4].append(this.button(this.words.edges, one, edges));
      const retake = () => {
        this.again = one;
        this.root.querySelector("[data-source=photo]").click();
      };
      cells[4].append(this.button(this.words.reshoot, one, retake));
    }
    return row;
  }

  button(text, one, act) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "tool";
    button.textContent = text;
    button.setAttribute("aria-label", `${text} ${one.name}`);
    button.addEventListener("click", act);
    return button;
  }

  /** One file less, before or while the others go up. */
  async leaveOut(one) {
    if (this.upload) {
      try {
        await this.call("POST", `/${this.upload.id}/files/${one.number}/leave-out`);
      } catch (error) {
        return this.fault(error.message);
      }
    }
    one.isLeftOut = true;
    this.files.splice(this.files.indexOf(one), 1);
    one.row?.remove();
    if (!this.upload) return this.show();
    this.tell();
    if (!this.part("retry").hidden && !this.resting.size && !this.files.some((other) => other.failed)) this.send();
  }
}

export function startAdding() {
  const root = document.querySelector("[data-add]");
  if (!root) return;
  startPhoto();
  new Adding(root);
}
