// Labels before the camera of a telephone: QR codes and Code 128, read by the browser where it can (BarcodeDetector), else
// by the decoder that comes with the program. What was read goes to the field that asked, as if a gun had sent it.
import { report } from "./report.js";

const FORMATS = ["qr_code", "code_128", "data_matrix"];
const EVERY_MS = 120;
/** Wide enough for a label at arm's length, small enough for an old telephone. */
const WIDTH_MAX = 960;
/** A label is read again once it was out of the picture for so long. */
const GONE_MS = 1500;
/** The view that comes after a scan goes on scanning. */
const AGAIN = "camera";
const LAST = "camera-read";

const panel = () => document.querySelector("#camera");
let stream = null;

/** Where the browser gives no camera, the sentence that says why. */
function refusal(error) {
  const said = panel().dataset;
  if (!window.isSecureContext || !navigator.mediaDevices?.getUserMedia) return said.insecure;
  return error?.name === "NotAllowedError" ? said.denied : said.none;
}

/** A function from a canvas to the texts in its picture. */
async function reader() {
  if ("BarcodeDetector" in window) {
    const known = await window.BarcodeDetector.getSupportedFormats().catch(() => []);
    const formats = FORMATS.filter((format) => known.includes(format));
    if (formats.includes("qr_code") && formats.includes("code_128")) {
      const detector = new window.BarcodeDetector({ formats });
      return async (canvas) => (await detector.detect(canvas)).map((code) => code.rawValue);
    }
  }
  await import("./zxing.min.js");
  return vendored(window.ZXing);
}

function vendored(zxing) {
  const hints = new Map([
    [zxing.DecodeHintType.POSSIBLE_FORMATS, [zxing.BarcodeFormat.QR_CODE, zxing.BarcodeFormat.CODE_128, zxing.BarcodeFormat.DATA_MATRIX]],
    [zxing.DecodeHintType.TRY_HARDER, true],
  ]);
  const decoder = new zxing.MultiFormatReader();
  decoder.setHints(hints);
  let isTurned = false;
  const turned = document.createElement("canvas");
  return async (canvas) => {
    // Bars are read across the picture: every other picture is looked at on its side.
    isTurned = !isTurned;
    const { data, width, height } = isTurned ? pixels(onItsSide(canvas, turned)) : pixels(canvas);
    const gray = new Uint8ClampedArray(width * height);
    for (let at = 0; at < gray.length; at += 1) gray[at] = (data[4 * at] * 3 + data[4 * at + 1] * 6 + data[4 * at + 2]) / 10;
    try {
      return [decoder.decode(new zxing.BinaryBitmap(new zxing.HybridBinarizer(new zxing.RGBLuminanceSource(gray, width, height)))).getText()];
    } catch {
      return [];
    }
  };
}

function pixels(canvas) {
  return canvas.getContext("2d", { willReadFrequently: true }).getImageData(0, 0, canvas.width, canvas.height);
}

function onItsSide(canvas, turned) {
  [turned.width, turned.height] = [canvas.height, canvas.width];
  const context = turned.getContext("2d", { willReadFrequently: true });
  context.setTransform(0, 1, -1, 0, canvas.height, 0);
  context.drawImage(canvas, 0, 0);
  return turned;
}

/** The label that was read last, and when it was last in the picture. */
function lastRead() {
  return JSON.parse(sessionStorage.getItem(LAST) ?? "null") ?? { text: "", at: 0 };
}

function isNew(text) {
  const last = lastRead();
  const is = last.text !== text || Date.now() - last.at > GONE_MS;
  sessionStorage.setItem(LAST, JSON.stringify({ text, at: Date.now() }));
  return is;
}

function close() {
  for (const track of stream?.getTracks() ?? []) track.stop();
  stream = null;
  panel().close();
}

async function open(field) {
  const video = panel().querySelector("video");
  const fault = panel().querySelector("[data-camera-fault]");
  fault.hidden = true;
  video.hidden = false;
  panel().show();
  try {
    if (!navigator.mediaDevices?.getUserMedia) throw new Error("no camera");
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1280 } }, audio: false });
    video.srcObject = stream;
    await video.play();
    look(video, await reader(), field);
  } catch (error) {
    for (const track of stream?.getTracks() ?? []) track.stop();
    stream = null;
    video.hidden = true;
    fault.textContent = refusal(error);
    fault.hidden = false;
  }
}

/** Picture after picture until a label was read or the panel is closed. */
function look(video, read, field) {
  const canvas = document.createElement("canvas");
  const step = async () => {
    if (!stream) return;
    const scale = Math.min(1, WIDTH_MAX / (video.videoWidth || WIDTH_MAX));
    [canvas.width, canvas.height] = [Math.round(video.videoWidth * scale), Math.round(video.videoHeight * scale)];
    if (canvas.width && canvas.height) {
      canvas.getContext("2d", { willReadFrequently: true }).drawImage(video, 0, 0, canvas.width, canvas.height);
      const found = (await read(canvas).catch(() => [])).map((text) => text.trim()).find(Boolean);
      if (stream && found && isNew(found)) return take(field, found);
    }
    setTimeout(step, EVERY_MS);
  };
  step();
}

function take(field, text) {
  navigator.vibrate?.(60);
  const button = document.querySelector(`[data-camera="#${field.id}"]`);
  close();
  field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  report(text, "good");
  if (button?.hasAttribute("data-camera-fills")) return;
  if (button?.hasAttribute("data-camera-again")) sessionStorage.setItem(AGAIN, `#${field.id}`);
  field.form.requestSubmit();
}

export function startCamera() {
  if (!panel()) return;
  for (const button of document.querySelectorAll("[data-camera]")) {
    button.addEventListener("click", () => {
      sessionStorage.removeItem(LAST);
      open(document.querySelector(button.dataset.camera));
    });
  }
  panel().querySelector("[data-camera-close]").addEventListener("click", close);
  document.addEventListener("keydown", (event) => event.key === "Escape" && panel().open && close());
  addEventListener("pagehide", () => stream && close());
  const again = sessionStorage.getItem(AGAIN);
  sessionStorage.removeItem(AGAIN);
  const field = again && document.querySelector(`[data-camera="${again}"]`) && document.querySelector(again);
  if (!field) return;
  // The label that led here may still be in the picture, however long the view took.
  const { text } = lastRead();
  sessionStorage.setItem(LAST, JSON.stringify({ text, at: Date.now() }));
  open(field);
}
