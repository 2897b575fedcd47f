#!/usr/bin/env python3
"""From opening a document to its first page on the screen, in a real Chromium.

    python3 benches/viewer.py target/release/dossier [--engines DIR] [--repeat 10] [--json]

Makes scans with Pillow (text lines, noise and a seal; everything is synthetic), born-digital PDFs with Chromium itself,
ingests them with the finished program, serves the archive on the loopback address and opens each document at 1440 x 900
in zh-CN, signed in as its first user.  Needs python's selenium and pillow, chromium, chromedriver and a Chinese font.

Measured by the browser, in milliseconds after the navigation began:
  preview    the small picture that stands for the page while it loads is painted (the page is recognisable);
  page       the page image in the width of the screen is painted (largest contentful paint);
in three states:
  made on demand   no image was ever made: the cache folder is emptied, the browser is fresh;
  ready            the program has made the first images by itself, the browser is fresh;
  open again       the browser has the image and asks only whether it may still be seen.
`at ingest` says of how many large pages the images were there when `dossier ingest` ended.
"""
import argparse
import base64
import json
import os
import random
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time

from PIL import Image, ImageDraw, ImageFont
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By

FONTS = ["/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc"]
WORDS = "项目 设备 服务 安装 调试 验收 质量 材料 规格 数量 单价 金额 发票 税率 地址 合同 甲方 乙方 签订 日期 变压器 电缆 线路 图号".split()
PASSWORD = "湖光-竹影-2026-viewer"
A4, A1 = (2480, 3508), (9933, 7016)


def font(size):
    for path in FONTS:
        if os.path.exists(path):
            return ImageFont.truetype(path, size)
    sys.exit("no Chinese font; apt-get install fonts-noto-cjk")


def a4(seed):
    r = random.Random(f"a4/{seed}")
    page = Image.new("RGB", A4, (250, 249, 246))
    draw = ImageDraw.Draw(page)
    draw.text((900, 240), f"供货合同 第{seed + 1}号", font=font(84), fill=(20, 20, 20))
    for n in range(34):
        draw.text((250, 420 + n * 84), "".join(r.choice(WORDS) for _ in range(18)), font=font(50), fill=(30, 30, 34))
    draw.ellipse((1700, 2700, 2200, 3200), outline=(200, 30, 40), width=14)
    noise = Image.effect_noise(A4, 18).convert("RGB")
    return Image.blend(page, noise, 0.06)


def a1(seed):
    r = random.Random(f"a1/{seed}")
    page = Image.new("L", A1, 255)
    draw = ImageDraw.Draw(page)
    draw.rectangle((120, 120, A1[0] - 120, A1[1] - 120), outline=0, width=8)
    for _ in range(900):
        x, y = r.randrange(200, A1[0] - 900), r.randrange(200, A1[1] - 900)
        kind = r.random()
        if kind < 0.5:
            draw.line((x, y, x + r.randrange(50, 800), y), fill=0, width=r.choice((3, 4, 6)))
        elif kind < 0.8:
            draw.line((x, y, x, y + r.randrange(50, 800)), fill=0, width=r.choice((3, 4, 6)))
        else:
            draw.arc((x, y, x + 400, y + 400), r.randrange(180), r.randrange(180, 360), fill=0, width=4)
    for n in range(30):
        draw.text((r.randrange(300, A1[0] - 1500), r.randrange(300, A1[1] - 400)), "".join(r.choice(WORDS) for _ in range(4)),
                  font=font(60), fill=0)
    draw.text((A1[0] - 2600, A1[1] - 500), f"变电站平面布置图 图号 D-{seed:03d}", font=font(110), fill=0)
    return page


def written(browser, folder, name, seed):
    """Ten pages as an office program leaves them, printed by the browser."""
    r = random.Random(f"pdf/{seed}")
    pages = "".join(f"<div style='break-after:page'><h2>服务协议 {seed + 1}.{n + 1}</h2>" +
                    "".join(f"<p>{''.join(r.choice(WORDS) for _ in range(60))}。</p>" for _ in range(8)) + "</div>"
                    for n in range(10))
    browser.get("data:text/html;charset=utf-8;base64," +
                base64.b64encode(f"<html lang=zh-CN><body>{pages}</body></html>".encode()).decode())
    pdf = browser.execute_cdp_cmd("Page.printToPDF", {"paperWidth": 8.27, "paperHeight": 11.69})
    with open(os.path.join(folder, name), "wb") as f:
        f.write(base64.b64decode(pdf["data"]))


def chromium():
    options = webdriver.ChromeOptions()
    for word in ("--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
                 "--disable-component-update --disable-sync --accept-lang=zh-CN --window-size=1440,900").split():
        options.add_argument(word)
    options.add_experimental_option("prefs", {"intl.accept_languages": "zh-CN"})
    browser = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride",
                            {"width": 1440, "height": 900, "deviceScaleFactor": 1, "mobile": False})
    browser.set_script_timeout(60)
    return browser


# The largest paint of the page image, and when the picture under it had arrived.
OPENED = """
const done = arguments[0];
let page = null;
const observer = new PerformanceObserver((list) => {
  for (const entry of list.getEntries())
    if (entry.element?.matches?.("img.page")) page = entry.renderTime || entry.loadTime;
});
observer.observe({ type: "largest-contentful-paint", buffered: true });
const began = performance.now();
const look = () => {
  const image = document.querySelector(`.sheet[data-number="${document.querySelector(".canvas")?.dataset.start}"] img.page`);
  const shown = image?.complete && image.naturalWidth > 0;
  if (page === null && performance.now() - began < 30000) return setTimeout(look, 10);
  const small = performance.getEntriesByType("resource").filter((e) => /\\/images\\/[^/]+\\/240$/.test(e.name))[0];
  const own = performance.getEntriesByType("resource").find((e) => e.name === image?.currentSrc);
  done({ page, shown, preview: small ? small.responseEnd : null, image: own ? own.responseEnd - own.startTime : null,
         html: performance.getEntriesByType("navigation")[0].responseEnd, width: image?.naturalWidth });
};
look();
"""


# Nothing was fetched for half a second.
QUIET = """
const last = Math.max(0, ...performance.getEntriesByType("resource").map((e) => e.responseEnd));
return document.readyState === "complete" && performance.now() - last > 500;
"""


def wait_for(ask, seconds, what):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        answer = ask()
        if answer:
            return answer
        time.sleep(0.2)
    sys.exit(f"{what} did not happen within {seconds} s")


def images(cache):
    return sum(len(files) for _, _, files in os.walk(cache))


def main():
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("program")
    words.add_argument("--engines")
    words.add_argument("--repeat", type=int, default=10, help="documents of a kind; A1 drawings a third of it")
    words.add_argument("--json", action="store_true")
    words = words.parse_args()
    program = os.path.abspath(words.program)
    work = tempfile.mkdtemp(prefix="dossier-viewer-")
    archive, scans = f"{work}/archive", f"{work}/scans"
    os.makedirs(scans)
    engines = ["--engines", words.engines] if words.engines else []
    large = max(2, words.repeat // 3)
    browser = chromium()
    try:
        for n in range(words.repeat):
            a4(n).save(f"{scans}/a4-{n:02d}.jpg", quality=85, dpi=(300, 300))
            written(browser, scans, f"written-{n:02d}.pdf", n)
        for n in range(large):
            a1(n).save(f"{scans}/a1gray-{n:02d}.jpg", quality=85, dpi=(300, 300))
            a1(n + 100).point(lambda v: 255 if v > 128 else 0).convert("1").save(
                f"{scans}/a1fax-{n:02d}.tif", compression="group4", dpi=(300, 300))
    finally:
        browser.quit()
    began = time.monotonic()
    run = subprocess.run([program, "--data", archive, *engines, "ingest", scans, "--json"], capture_output=True, text=True)
    if run.returncode != 0:
        sys.exit(f"dossier ingest ended with {run.returncode}:\n{run.stderr[-2000:]}")
    report = json.loads(run.stdout)
    print(f"ingest: {report['pages']} pages of {report['found']} files in {time.monotonic() - began:.0f} s", file=sys.stderr)
    documents = {}
    for item in report["items"]:
        documents.setdefault(re.match(r"[a-z0-9]+", os.path.basename(item["path"])).group(), []).append(item["document_id"])
    cache = f"{archive}/cache"
    at_ingest = images(cache)
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    base = f"http://127.0.0.1:{port}"
    serve = subprocess.Popen([program, "--data", archive, *engines, "serve", "--listen", f"127.0.0.1:{port}"],
                             stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    rows = []
    try:
        link = next((m.group() for line in serve.stdout if (m := re.search(r"http://\S+/link/\S+", line))), None)
        if not link:
            sys.exit("dossier serve printed no link for the first user")
        browser = chromium()
        browser.get(link)
        name = [i for i in browser.find_elements(By.CSS_SELECTOR, "input[name=name]") if i.get_attribute("readonly") is None]
        if name and not name[0].get_attribute("value"):
            name[0].send_keys("viewer")
        for field in browser.find_elements(By.CSS_SELECTOR, "input[type=password]"):
            field.send_keys(PASSWORD)
        browser.find_element(By.CSS_SELECTOR, "form button").click()
        wait_for(lambda: browser.find_elements(By.CSS_SELECTOR, "#find"), 30, "signing in")
        cookies = browser.get_cookies()
        browser.quit()

        def fresh():
            browser = chromium()
            browser.get(base + "/livez")
            for cookie in cookies:
                browser.add_cookie({k: cookie[k] for k in ("name", "value", "path")})
            # Style sheets, scripts and fonts are not what is measured.
            browser.get(base + "/search")
            return browser

        def opened(browser, document):
            # What the document before still fetches (its next pages) is not this one's.
            wait_for(lambda: browser.execute_script(QUIET), 30, "rest after the document before")
            browser.get(f"{base}/documents/{document}")
            return browser.execute_async_script(OPENED)

        # The program goes through the archive by itself until nothing is missing.
        last = [-1, time.monotonic()]

        def settled():
            now = images(cache)
            if now != last[0]:
                last[:] = [now, time.monotonic()]
            return now > 0 and time.monotonic() - last[1] > 8

        wait_for(settled, 900, "making the images ready")
        measured = {}
        for kind, ids in documents.items():
            browser = fresh()
            for document in ids:
                measured.setdefault((kind, "ready"), []).append(opened(browser, document))
                measured.setdefault((kind, "open again"), []).append(opened(browser, document))
            browser.quit()
        # Only now: without its cache the program has nothing ready any more.
        for kind, ids in documents.items():
            browser = fresh()
            for document in ids:
                for folder in os.listdir(cache):
                    shutil.rmtree(f"{cache}/{folder}", ignore_errors=True)
                measured.setdefault((kind, "made on demand"), []).append(opened(browser, document))
            browser.quit()
        for (kind, state), times in sorted(measured.items(), key=lambda m: m[0][0]):
            page = sorted(t["page"] for t in times if t["page"] is not None)
            preview = sorted(t["preview"] for t in times if t["preview"] is not None)
            made = sorted(t["image"] for t in times if t["image"] is not None)
            html = [t["html"] for t in times]
            if not page:
                sys.exit(f"{kind}: the browser painted no page image: {times}")
            rows.append({"kind": kind, "state": state, "n": len(page), "width": times[0]["width"],
                         "html_p50": statistics.median(html),
                         "preview_p50": statistics.median(preview) if preview else None,
                         "image_request_p50": statistics.median(made) if made else None,
                         "page_p50": statistics.median(page), "page_max": page[-1]})
    finally:
        serve.terminate()
        serve.wait(60)
        shutil.rmtree(work, ignore_errors=True)
    if words.json:
        print(json.dumps({"at_ingest": at_ingest, "rows": rows}, ensure_ascii=False, indent=1))
        return
    names = {"a4": "A4 scan, JPEG 300 dpi", "a1gray": "A1 drawing, gray JPEG 300 dpi", "a1fax": "A1 drawing, 1-bit TIFF (G4)",
             "written": "born-digital PDF, 10 pages"}
    print(f"images there when ingest ended: {at_ingest} (of {2 * large} large pages)\n")
    print("| document | images | n | view arrived, p50 | preview arrived, p50 | page image request, p50 | page painted, p50 | max |")
    print("|---|---|---|---|---|---|---|---|")
    shown = lambda v: "-" if v is None else f"{v:.0f}"
    for r in rows:
        print(f"| {names.get(r['kind'], r['kind'])} | {r['state']} | {r['n']} | {shown(r['html_p50'])} | {shown(r['preview_p50'])} | "
              f"{shown(r['image_request_p50'])} | {shown(r['page_p50'])} | {shown(r['page_max'])} |")


if __name__ == "__main__":
    main()
