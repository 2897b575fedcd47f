// Adding papers: files, a folder or photographs go to the server in pieces. A piece that was cut off is sent again from
// where the server says; what came twice changes nothing there.
import { forgetFiles, forgetOthers, keepFiles, keptFiles } from "./kept-files.js";
import { ask } from "./session.js";

const AT_ONCE = 3;
const PIECE_BYTES_MIN = 256 * 1024;
/** A piece should take about so long: short enough to lose little, long enough to be few. */
const PIECE_MS = 1500;
const TRIES_MAX = 6;
const LOOK_MS = 700;
const ROWS_SHOWN = 300;
const API = "/api/v1/uploads";

class Adding {
  constructor(root) {
    this.root = root;
    this.words = root.dataset;
    this.form = root.querySelector("[data-add-form]");
    this.body = root.querySelector("tbody");
    this.files = [];
    this.group = 1;
    this.upload = null;
    this.stopped = false;
    this.pieceBytes = 1024 * 1024;
    for (const button of root.querySelectorAll("[data-choose]")) {
      button.addEventListener("click", () => root.querySelector(`[data-source=${button.dataset.choose}]`).click());
    }
    for (const source of root.querySelectorAll("[data-source]")) {
      source.addEventListener("change", () => {
        const isPhoto = source.dataset.source === "photo";
        for (const file of source.files) this.add(file, file.webkitRelativePath || file.name, isPhoto);
        source.value = "";
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
    this.part("retry").addEventListener("click", () => this.send());
    this.part("cancel").addEventListener("click", () => this.cancel());
    addEventListener("beforeunload", (event) => {
      if (this.upload && !this.stopped) event.preventDefault();
    });
  }

  part(name) {
    return this.root.querySelector(`[data-add-${name}]`);
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

  add(file, name, isPhoto) {
    if (this.again) {
      Object.assign(this.again, { file, name: this.again.name.replace(/-[^/]*$/, `-${name}`) });
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
    const shown = isPhoto ? `${document}/${String(this.files.length + 1).padStart(4, "0")}-${name}` : name;
    this.files.push({ file, name: shown, document, isPhoto, received: 0, state: "" });
    if (isPhoto) this.root.querySelector("[data-next-document]").hidden = false;
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
    const table = this.root.querySelector("table");
    table.hidden = !this.files.length;
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
    if (!this.part("retry").hidden && !this.files.some((other) => other.failed)) this.send();
  }

  fault(text) {
    const line = this.part("fault");
    line.textContent = text;
    line.hidden = !text;
  }

  /** What the server says, or an error with its sentence. */
  async call(method, path, body, headers = {}) {
    const sent = body instanceof Blob || body === undefined ? body : JSON.stringify(body);
    const kind = body instanceof Blob ? "application/octet-stream" : "application/json";
    const csrf = document.querySelector("input[name=csrf]").value;
    const answer = await ask(API + path, {
      method,
      body: sent,
      headers: { Accept: "application/json", "Content-Type": kind, "X-Csrf-Token": csrf, ...headers },
    });
    const said = await answer.json().catch(() => ({}));
    if (!answer.ok) throw Object.assign(new Error(said.detail ?? answer.statusText), { status: answer.status, code: said.code });
    return said;
  }

  async send() {
    this.stopped = false;
    this.fault("");
    for (const one of this.files) one.failed = false;
    this.part("retry").hidden = true;
    this.part("send").disabled = true;
    try {
      if (!this.upload) await this.begin();
      this.part("cancel").hidden = false;
      this.began = Date.now();
      this.sentBefore = this.sent();
      this.tell();
      const waiting = this.files.filter((one) => one.received < bytesOf(one));
      await Promise.all(Array.from({ length: AT_ONCE }, () => this.work(waiting)));
      if (this.stopped) return;
      const failed = this.files.filter((one) => one.failed);
      if (failed.length) throw new Error(fill(this.words.someFailed, { files: failed.length, name: failed[0].name }));
      await this.finish();
    } catch (error) {
      if (this.stopped) return;
      this.fault(`${this.words.failed} ${error.message}`);
      this.part("retry").hidden = !this.upload;
      this.part("send").disabled = Boolean(this.upload);
    }
  }

  async begin() {
    const said = (name) => this.form.elements[name].value.trim();
    const level = said("security_level");
    const files = this.files.map((one) => ({ name: one.name, bytes: one.file.size, document: one.document }));
    const known = { name: said("name"), customer: said("customer"), location: said("location"), kind: said("kind") };
    this.upload = await this.call("POST", "", { ...known, security_level: level ? Number(level) : null, files });
    this.files.forEach((one, at) => {
      one.number = this.upload.files[at].number;
    });
    keepFiles(this.upload.id, new Map(this.files.map((one) => [one.number, one.file])));
    this.show();
  }

  async work(waiting) {
    for (let one = waiting.shift(); one && !this.stopped; one = waiting.shift()) await this.sendFile(one);
  }

  async sendFile(one) {
    let tries = 0;
    while (!one.isLeftOut && one.received < one.file.size && !this.stopped) {
      const from = one.received;
      const until = Math.min(one.file.size, from + this.pieceBytes);
      const began = Date.now();
      try {
        const range = `bytes ${from}-${until - 1}/${one.file.size}`;
        const path = `/${this.upload.id}/files/${one.number}`;
        const answer = await this.call("PUT", path, one.file.slice(from, until), { "Content-Range": range });
        one.received = answer.received;
        tries = 0;
        this.adapt(Date.now() - began);
      } catch (error) {
        const again = !error.status || error.status >= 500 || error.status === 409;
        tries += 1;
        if (one.isLeftOut) return;
        // A full disk and a session that ended stop all of it; a file that cannot go up lets the others go on.
        if (error.status === 507 || error.name === "AbortError") throw error;
        if (!again || tries >= TRIES_MAX) {
          one.failed = true;
          if (one.cell) one.cell.textContent = this.words.failed;
          return;
        }
        await pause(250 * 2 ** tries);
        await this.resume(one);
      }
      this.tell(one);
    }
  }

  /** After a cut the server knows best how much has come. */
  async resume(one) {
    const now = await this.call("GET", `/${this.upload.id}`).catch(() => null);
    const file = now?.files.find((file) => file.number === one.number);
    if (file) one.received = file.received;
  }

  adapt(took) {
    const wanted = took < PIECE_MS / 2 ? this.pieceBytes * 2 : took > PIECE_MS * 2 ? this.pieceBytes / 2 : this.pieceBytes;
    this.pieceBytes = Math.round(Math.max(PIECE_BYTES_MIN, Math.min(Number(this.words.piece), wanted)));
  }

  sent() {
    return this.files.reduce((sum, one) => sum + one.received, 0);
  }

  tell(one) {
    if (one?.cell) {
      one.state = one.received === bytesOf(one) ? this.words.sent : `${Math.floor((100 * one.received) / bytesOf(one))} %`;
      one.cell.textContent = one.state;
    }
    const [sent, all] = [this.sent(), this.files.reduce((sum, file) => sum + bytesOf(file), 0)];
    const bar = this.part("bar");
    bar.hidden = false;
    bar.value = all ? sent / all : 1;
    const done = this.files.filter((file) => file.received === bytesOf(file)).length;
    const rate = (sent - this.sentBefore) / Math.max(1, Date.now() - this.began);
    const left = rate > 0 ? Math.ceil((all - sent) / rate / 1000) : 0;
    const text = fill(this.words.progress, { done, files: this.files.length, sent: size(sent), size: size(all) });
    this.part("sum").textContent = left > 1 ? `${text} ${fill(this.words.left, { time: time(left) })}` : text;
  }

  async finish() {
    this.part("sum").textContent = this.words.reading;
    this.part("cancel").hidden = true;
    this.call("POST", `/${this.upload.id}/finish`).catch((error) => this.fault(error.message));
    for (;;) {
      await pause(LOOK_MS);
      const now = await this.call("GET", `/${this.upload.id}`);
      if (now.state === "failed") throw new Error(now.problem);
      if (now.batch) {
        this.stopped = true;
        await forgetFiles(this.upload.id);
        location.href = `/batches/${now.batch}?added=1`;
        return;
      }
    }
  }

  async cancel() {
    this.stopped = true;
    await this.call("POST", `/${this.upload.id}/cancel`).catch(() => {});
    await forgetFiles(this.upload.id);
    this.upload = null;
    this.files = this.files.filter((one) => one.file);
    for (const one of this.files) Object.assign(one, { received: 0, state: "", failed: false });
    for (const name of ["cancel", "retry", "bar"]) this.part(name).hidden = true;
    this.show();
    this.fault(this.words.cancelled);
  }
}

function bytesOf(one) {
  return one.bytes ?? one.file.size;
}

function pause(ms) {
  return new Promise((done) => setTimeout(done, ms));
}

function fill(text, values) {
  return Object.entries(values).reduce((filled, [name, value]) => filled.replace(`{${name}}`, value), text);
}

function size(bytes) {
  const units = ["B", "KB", "MB", "GB", "TB"];
  let at = 0;
  let value = bytes;
  for (; value >= 1000 && at < units.length - 1; at += 1) value /= 1000;
  return `${at ? value.toFixed(1) : value}\u202f${units[at]}`;
}

function time(seconds) {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

export function startAdding() {
  const root = document.querySelector("[data-add]");
  if (root) new Adding(root);
}
