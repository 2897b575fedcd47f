// Sending what was chosen: pieces that are sent again from where the server says, with growing pauses while it fails or the
// network is gone, until everything is handed over. Knows nothing of how files are chosen.
import { forgetFiles, keepFiles } from "./kept-files.js";
import { report } from "./report.js";
import { ask } from "./session.js";

const AT_ONCE = 3;
const PIECE_BYTES_MIN = 256 * 1024;
/** A piece should take about so long: short enough to lose little, long enough to be few. */
const PIECE_MS = 1500;
/** About four minutes of pauses; then it is up to a person. */
const TRIES_MAX = 14;
const PAUSE_MS_MAX = 30_000;
const LOOK_MS = 700;
const API = "/api/v1/uploads";

/** A fault that may be gone at the next try. */
function isPassing(error) {
  return error.name !== "AbortError" && error.status !== 507 && (!error.status || error.status >= 500);
}

export class Sending {
  constructor(root) {
    this.root = root;
    this.words = root.dataset;
    this.form = root.querySelector("[data-add-form]");
    this.files = [];
    this.upload = null;
    this.stopped = false;
    this.pieceBytes = 1024 * 1024;
    /** What ends the pauses that are being waited for. */
    this.resting = new Set();
  }

  part(name) {
    return this.root.querySelector(`[data-add-${name}]`);
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
      if (!this.upload) await this.patiently(() => this.begin());
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
    this.resumed();
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
        this.resumed();
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
        await this.rest(tries);
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

  /** Hands everything over and waits for the batch, through whatever cuts there are. */
  async finish() {
    this.part("sum").textContent = this.words.reading;
    this.part("cancel").hidden = true;
    let handedOver = false;
    let refused = null;
    let tries = 0;
    while (!refused) {
      if (!handedOver) {
        handedOver = true;
        this.call("POST", `/${this.upload.id}/finish`).catch((error) => {
          if (isPassing(error)) handedOver = false;
          else refused = error;
        });
      }
      await pause(LOOK_MS);
      try {
        const now = await this.call("GET", `/${this.upload.id}`);
        if (tries) this.resumed();
        tries = 0;
        if (now.state === "failed") throw Object.assign(new Error(now.problem), { status: 409 });
        if (now.batch) return this.end(`/batches/${now.batch}?added=1`);
      } catch (error) {
        tries += 1;
        if (!isPassing(error) || tries > TRIES_MAX) throw error;
        await this.rest(tries);
      }
    }
    throw refused;
  }

  async end(address) {
    this.stopped = true;
    await forgetFiles(this.upload.id);
    location.href = address;
  }

  /** Does it again while the server fails by itself; a network that is gone is said at once. */
  async patiently(act) {
    for (let tries = 1; ; tries += 1) {
      try {
        return await act();
      } catch (error) {
        if (!(error.status >= 500) || error.status === 507 || tries > TRIES_MAX || this.stopped) throw error;
        await this.rest(tries);
      }
    }
  }

  /** Waits before another try, longer each time, and says so; a press and the return of the network end it sooner. */
  rest(tries) {
    const ms = Math.min(PAUSE_MS_MAX, 250 * 2 ** tries);
    this.fault(fill(this.words.cut, { time: time(Math.ceil(ms / 1000)) }));
    this.part("retry").hidden = false;
    return new Promise((done) => {
      const end = () => {
        clearTimeout(timer);
        removeEventListener("online", end);
        this.resting.delete(end);
        done();
      };
      const timer = setTimeout(end, ms);
      addEventListener("online", end);
      this.resting.add(end);
    });
  }

  /** It goes on: what was said of the cut is over. */
  resumed() {
    if (this.part("retry").hidden || this.resting.size) return;
    this.part("retry").hidden = true;
    this.fault("");
    report(this.words.resumed, "good");
  }

  tryAgain() {
    if (!this.resting.size) return this.send();
    for (const end of [...this.resting]) end();
  }

  async cancel() {
    this.stopped = true;
    for (const end of [...this.resting]) end();
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

export function bytesOf(one) {
  return one.bytes ?? one.file.size;
}

function pause(ms) {
  return new Promise((done) => setTimeout(done, ms));
}

export function fill(text, values) {
  return Object.entries(values).reduce((filled, [name, value]) => filled.replace(`{${name}}`, value), text);
}

export function size(bytes) {
  const units = ["B", "KB", "MB", "GB", "TB"];
  let at = 0;
  let value = bytes;
  for (; value >= 1000 && at < units.length - 1; at += 1) value /= 1000;
  return `${at ? value.toFixed(1) : value}\u202f${units[at]}`;
}

function time(seconds) {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
