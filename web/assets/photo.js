// A photograph of a paper is cut to the paper: its edges are found, shown as four corners that can be moved, and what lies
// within is straightened. Everything happens in the browser; the whole picture can be kept instead.

/** Edges are looked for in a picture of this size. */
const LOOK_PX = 256;
const SIDE_PX_MAX = 3000;
const QUALITY = 0.9;
/** A paper takes up at least so much of its picture, and fills its own corners to such a part. */
const PAPER_PART_MIN = 0.15;
const FILLED_MIN = 0.75;
const STEP = 0.01;
const OFF = "photo-edges-off";

const WHOLE = [[0, 0], [1, 0], [1, 1], [0, 1]];

/** The file cut to its paper and the whole one; `null` where somebody does not want the picture. Not asked where it is
 * switched off, unless `always`. */
export async function cutToPaper(whole, always = false) {
  const dialog = document.querySelector("#photo");
  const isOn = document.querySelector("[data-photo-edges]")?.checked ?? false;
  if (!dialog || (!isOn && !always)) return { file: whole, whole };
  const picture = await createImageBitmap(whole).catch(() => null);
  if (!picture) return { file: whole, whole };
  const corners = await adjusted(dialog, picture, edgesOf(picture) ?? WHOLE);
  if (!corners) return null;
  if (corners === WHOLE) return { file: whole, whole };
  const blob = await straightened(picture, corners);
  return { file: new File([blob], `${whole.name.replace(/\.[^.]*$/, "")}.jpg`, { type: "image/jpeg" }), whole };
}

/** The four corners of the largest bright patch, as parts of width and height from the upper left around; `null` where
 * there is none that looks like a paper. */
export function edgesOf(picture) {
  const scale = LOOK_PX / Math.max(picture.width, picture.height);
  const [width, height] = [Math.max(1, Math.round(picture.width * scale)), Math.max(1, Math.round(picture.height * scale))];
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d");
  // What is small, as letters are, goes with the blur.
  context.filter = "blur(2px)";
  context.drawImage(picture, 0, 0, width, height);
  const { data } = context.getImageData(0, 0, width, height);
  const gray = new Uint8Array(width * height);
  for (let at = 0; at < gray.length; at += 1) gray[at] = (data[4 * at] * 3 + data[4 * at + 1] * 6 + data[4 * at + 2]) / 10;
  const paper = largestPatch(gray, threshold(gray), width);
  if (paper.length < PAPER_PART_MIN * gray.length) return null;
  const far = (worth) => paper.reduce((best, at) => (worth(at % width, Math.floor(at / width)) > worth(best % width, Math.floor(best / width)) ? at : best));
  const corners = [far((x, y) => -x - y), far((x, y) => x - y), far((x, y) => x + y), far((x, y) => y - x)].map((at) => [at % width, Math.floor(at / width)]);
  const area = Math.abs(corners.reduce((sum, [x, y], n) => sum + x * corners[(n + 1) % 4][1] - y * corners[(n + 1) % 4][0], 0)) / 2;
  if (area < PAPER_PART_MIN * gray.length || paper.length < FILLED_MIN * area) return null;
  return corners.map(([x, y]) => [(x + 0.5) / width, (y + 0.5) / height]);
}

/** Otsu's: the brightness that parts a picture best into dark and bright. */
function threshold(gray) {
  const counts = new Array(256).fill(0);
  for (const value of gray) counts[value] += 1;
  const all = counts.reduce((sum, count, value) => sum + count * value, 0);
  let [below, sum, best, at] = [0, 0, -1, 127];
  for (let value = 0; value < 256; value += 1) {
    below += counts[value];
    sum += counts[value] * value;
    const above = gray.length - below;
    if (!below || !above) continue;
    const apart = below * above * (sum / below - (all - sum) / above) ** 2;
    if (apart > best) [best, at] = [apart, value];
  }
  return at;
}

function largestPatch(gray, dark, width) {
  const seen = new Uint8Array(gray.length);
  let largest = [];
  for (let from = 0; from < gray.length; from += 1) {
    if (seen[from] || gray[from] <= dark) continue;
    const patch = [from];
    seen[from] = 1;
    for (let n = 0; n < patch.length; n += 1) {
      const at = patch[n];
      const x = at % width;
      for (const next of [x > 0 ? at - 1 : -1, x < width - 1 ? at + 1 : -1, at - width, at + width]) {
        if (next < 0 || next >= gray.length || seen[next] || gray[next] <= dark) continue;
        seen[next] = 1;
        patch.push(next);
      }
    }
    if (patch.length > largest.length) largest = patch;
  }
  return largest;
}

/** Shows the corners until somebody takes them, keeps the whole picture, or drops it. */
function adjusted(dialog, picture, found) {
  const corners = found.map((corner) => [...corner]);
  const canvas = dialog.querySelector("canvas");
  const handles = [...dialog.querySelectorAll("[data-corner]")];
  const scale = Math.min(1, 1200 / Math.max(picture.width, picture.height));
  [canvas.width, canvas.height] = [Math.round(picture.width * scale), Math.round(picture.height * scale)];
  const draw = () => {
    const context = canvas.getContext("2d");
    context.drawImage(picture, 0, 0, canvas.width, canvas.height);
    const path = new Path2D();
    path.rect(0, 0, canvas.width, canvas.height);
    corners.forEach(([x, y], n) => path[n ? "lineTo" : "moveTo"](x * canvas.width, y * canvas.height));
    path.closePath();
    context.fillStyle = "rgb(0 0 0 / 55%)";
    context.fill(path, "evenodd");
    handles.forEach((handle, n) => {
      handle.style.left = `${corners[n][0] * 100}%`;
      handle.style.top = `${corners[n][1] * 100}%`;
    });
  };
  const set = (n, x, y) => {
    corners[n] = [Math.min(1, Math.max(0, x)), Math.min(1, Math.max(0, y))];
    draw();
  };
  draw();
  const over = new AbortController();
  const { signal } = over;
  for (const [n, handle] of handles.entries()) {
    handle.addEventListener("pointerdown", (event) => handle.setPointerCapture(event.pointerId), { signal });
    handle.addEventListener("pointermove", (event) => {
      if (!handle.hasPointerCapture(event.pointerId)) return;
      const box = canvas.getBoundingClientRect();
      set(n, (event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
    }, { signal });
    handle.addEventListener("keydown", (event) => {
      const by = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] }[event.key];
      if (!by) return;
      event.preventDefault();
      set(n, corners[n][0] + by[0], corners[n][1] + by[1]);
    }, { signal });
  }
  dialog.returnValue = "";
  dialog.showModal();
  dialog.querySelector("[value=cut]").focus();
  return new Promise((done) => {
    dialog.addEventListener("close", () => {
      over.abort();
      done({ cut: corners, whole: WHOLE }[dialog.returnValue] ?? null);
    }, { once: true });
  });
}

/** What lies within the corners as an upright picture (a projective map, Heckbert 1989). */
async function straightened(picture, corners) {
  const source = new OffscreenCanvas(picture.width, picture.height);
  const context = source.getContext("2d");
  context.drawImage(picture, 0, 0);
  const from = context.getImageData(0, 0, picture.width, picture.height);
  const [a, b, c, d] = corners.map(([x, y]) => [x * (picture.width - 1), y * (picture.height - 1)]);
  const length = ([x, y], [u, v]) => Math.hypot(x - u, y - v);
  const [wide, high] = [Math.max(length(a, b), length(d, c)), Math.max(length(a, d), length(b, c))];
  const scale = Math.min(1, SIDE_PX_MAX / Math.max(wide, high));
  const [width, height] = [Math.max(1, Math.round(wide * scale)), Math.max(1, Math.round(high * scale))];
  const map = projection(a, b, c, d);
  const to = new ImageData(width, height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) sample(from, to.data, 4 * (y * width + x), ...map(x / width, y / height));
  }
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext("2d").putImageData(to, 0, 0);
  return canvas.convertToBlob({ type: "image/jpeg", quality: QUALITY });
}

/** Where a point of the unit square lies in the quadrilateral. */
function projection([ax, ay], [bx, by], [cx, cy], [dx, dy]) {
  const [sx, sy] = [ax - bx + cx - dx, ay - by + cy - dy];
  const [ux, uy, vx, vy] = [bx - cx, by - cy, dx - cx, dy - cy];
  const base = ux * vy - uy * vx;
  const g = (sx * vy - sy * vx) / base;
  const h = (ux * sy - uy * sx) / base;
  return (u, v) => {
    const w = g * u + h * v + 1;
    return [((bx - ax + g * bx) * u + (dx - ax + h * dx) * v + ax) / w, ((by - ay + g * by) * u + (dy - ay + h * dy) * v + ay) / w];
  };
}

/** The colour between four pixels. */
function sample({ data, width, height }, into, at, x, y) {
  const [left, top] = [Math.min(width - 2, Math.max(0, Math.floor(x))), Math.min(height - 2, Math.max(0, Math.floor(y)))];
  const [right, low] = [Math.min(1, Math.max(0, x - left)), Math.min(1, Math.max(0, y - top))];
  const first = 4 * (top * width + left);
  const below = first + 4 * width;
  for (let part = 0; part < 3; part += 1) {
    const upper = data[first + part] * (1 - right) + data[first + 4 + part] * right;
    const lower = data[below + part] * (1 - right) + data[below + 4 + part] * right;
    into[at + part] = upper * (1 - low) + lower * low;
  }
  into[at + 3] = 255;
}

/** Whether edges are looked for is remembered by this browser. */
export function startPhoto() {
  const box = document.querySelector("[data-photo-edges]");
  if (!box) return;
  box.checked = localStorage.getItem(OFF) === null;
  box.addEventListener("change", () => (box.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "yes")));
}
