// The files of an upload that is not at its end stay in this browser, so that a reload loses nothing: the server knows
// how much has come, the browser still has the rest. They are forgotten once nothing is waiting for them.
const NAME = "uploads";
const STORE = "files";
/** More than this is chosen again by hand instead of being copied. */
const BYTES_MAX = 2 * 1000 ** 3;

function opened() {
  return new Promise((done, fail) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE);
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => fail(asked.error);
  });
}

async function run(mode, work) {
  const base = await opened();
  try {
    return await new Promise((done, fail) => {
      const change = base.transaction(STORE, mode);
      const asked = work(change.objectStore(STORE));
      change.oncomplete = () => done(asked.result);
      change.onabort = () => fail(change.error);
    });
  } finally {
    base.close();
  }
}

/** Keeps files by their numbers; a browser that has no room for them keeps none. */
export async function keepFiles(upload, files) {
  const bytes = [...files.values()].reduce((sum, file) => sum + file.size, 0);
  if (bytes <= BYTES_MAX) await run("readwrite", (store) => store.put(files, upload)).catch(() => {});
}

export async function keptFiles(upload) {
  return (await run("readonly", (store) => store.get(upload)).catch(() => null)) ?? new Map();
}

export async function forgetFiles(upload) {
  await run("readwrite", (store) => store.delete(upload)).catch(() => {});
}

/** Forgets what no open upload waits for. */
export async function forgetOthers(open) {
  const known = (await run("readonly", (store) => store.getAllKeys()).catch(() => null)) ?? [];
  for (const upload of known) if (!open.includes(upload)) await forgetFiles(upload);
}
