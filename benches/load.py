#!/usr/bin/env python3
"""Search, look-up and page images over HTTP on an archive of a given size, alone and under a fixed arrival rate.

    python3 benches/load.py target/release/dossier --pages 100000 [--archive DIR] [--seconds 60] [--json]

Makes an archive with the finished program: generated customers, locations and born-digital PDFs of ten pages are
imported and ingested by `dossier`; then `dossier serve` is asked on the loopback address.  `--archive DIR` keeps the
archive, and a second run serves it again.  Everything is synthetic: texts are drawn from word lists with a seed.

Measured, in milliseconds as the client sees them:
  alone         one client, one connection, the next question after the last answer;
  clients=50    50 connections, arrivals fixed beforehand (an open loop: a slow answer does not thin out the questions
                after it; waiting for a free connection counts), for --seconds;
  clients=200   the same with 200 clients while an ingest runs beside it.
The client is a Python process on the same cores, so the server has less than the whole machine.
"""
import argparse
import http.client
import json
import os
import queue
import random
import re
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import zlib

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华玉萍红鹏辉建国文博宇轩梓涵浩然欣怡"
CITIES = "云岭 江川 海宁 青浦 临山 东屏 西林 北固 南屏 望江 白石 长汀 平湖 丰和 永安 金坛".split()
BRANDS = "鑫恒 智汇 华宸 瑞达 博远 恒信 天泽 宏图 嘉禾 明德 中创 启航 新锐 卓越 联诚 盛世".split()
TRADES = "信息技术 供应链管理 建筑工程 能源科技 医疗器械 餐饮管理 物流运输 商贸 机械制造 环保材料".split()
CLAUSES = [
    "甲乙双方本着平等自愿诚实信用的原则，经友好协商，就有关事宜达成如下协议。",
    "乙方应按照合同约定的时间、地点、质量标准完成全部工作，并接受甲方的监督检查。",
    "任何一方违反本合同约定，应当承担违约责任，并赔偿由此给对方造成的全部经济损失。",
    "因不可抗力致使合同不能履行的，当事人应及时通知对方，并在合理期限内提供证明。",
    "本合同未尽事宜，由双方另行协商签订补充协议，补充协议与本合同具有同等法律效力。",
    "本合同一式四份，甲乙双方各执两份，自双方签字盖章之日起生效。",
    "双方在履行本合同过程中发生争议，应协商解决；协商不成的，提交有管辖权的人民法院诉讼解决。",
    "供电人应按照国家规定的供电质量标准安全供电，用电人应按时交付电费。",
    "付款方式：合同签订后五个工作日内支付合同总价的百分之三十作为预付款。",
    "乙方对在履行合同过程中知悉的甲方商业秘密负有保密义务，保密期限为五年。",
]
WORDS = ("项目 设备 服务 安装 调试 验收 质量 材料 规格 数量 单价 金额 发票 税率 地址 电话 账号 开户 银行 签订 日期 "
         "用电 容量 变压器 计量 电表 线路 维护 检修 运维 巡视 申请 受理 审批 登记 变更 注销 许可 期限 有效 证明 复印 原件 "
         "委托 代理 授权 签字 盖章 附件 清单 图纸 方案 预算 结算 合格 标准 规程 安全 责任 事故 保险 培训 考核").split()
KINDS = ["供用电合同", "用电申请表", "授权委托书", "营业执照", "收据", "身份证明", "补充协议", "验收报告"]
TEN = 10


class Corpus:
    """Texts by document number; the same seed and number give the same text."""

    def __init__(self, seed):
        self.seed = seed

    def customer(self, n):
        r = random.Random(f"{self.seed}/c/{n}")
        name = r.choice(CITIES) + r.choice(BRANDS) + r.choice(BRANDS) + r.choice(TRADES) + "有限公司"
        person = r.choice(SURNAMES) + "".join(r.choice(GIVEN) for _ in range(r.choice((1, 2, 2))))
        return f"KH-{n:06d}", name, person

    def page(self, document, number):
        r = random.Random(f"{self.seed}/p/{document}/{number}")
        code, name, person = self.customer(document // 2)
        lines = [KINDS[document % len(KINDS)] if number == 0 else f"第{number + 1}页",
                 f"合同编号：HT-{2015 + document % 10}-{document:06d}  户号：{code}",
                 f"甲方：{name}  法定代表人：{person}"]
        while sum(map(len, lines)) < 600:
            if r.random() < 0.45:
                lines.append(CLAUSES[min(int(r.paretovariate(1.0)) - 1, len(CLAUSES) - 1)])
            else:
                lines.append("".join(r.choice(WORDS) for _ in range(15)) + f"{r.randrange(10**6):06d}元")
        return [piece for line in lines for piece in re.findall(".{1,36}", line)]

    def query(self, r, documents):
        document, number = r.randrange(documents), r.randrange(TEN)
        text = "".join(self.page(document, number))
        letters = "".join(c for c in text if c.isalnum())
        at = r.randrange(len(letters) - 16)
        code, name, person = self.customer(document // 2)
        return r.choice([letters[at:at + 2], letters[at:at + 3], letters[at:at + 5], person, name[:6], code[3:],
                         f"HT-{2015 + document % 10}-{document:06d}", letters[at:at + 10],
                         f"{person} {letters[at:at + 2]}", f"类型:合同 {letters[at:at + 3]}"])


def pdf(pages):
    """A born-digital PDF: text in a Chinese font that is named and not embedded, as office programs leave it."""
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", None,
               b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[4 0 R]>>",
               b"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)"
               b"/Supplement 2>>/FontDescriptor 5 0 R/DW 1000>>",
               b"<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[-25 -254 1000 880]/ItalicAngle 0"
               b"/Ascent 752/Descent -271/CapHeight 737/StemV 58>>"]
    kids = []
    for lines in pages:
        text = "BT /F 12 Tf 60 790 Td 18 TL " + " ".join(f"<{l.encode('utf-16-be').hex()}> Tj T*" for l in lines) + " ET"
        stream = zlib.compress(text.encode(), 1)
        objects.append(b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(stream), stream))
        objects.append(b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F 3 0 R>>>>/Contents %d 0 R>>"
                       % len(objects))
        kids.append(len(objects))
    objects[1] = b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(kids), b" ".join(b"%d 0 R" % k for k in kids))
    out, at = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, 1):
        at.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % a for a in at)
    out += b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)


def make_sources(folder, corpus, first, documents):
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "manifest.csv"), "w", encoding="utf-8") as manifest:
        manifest.write("path,customer_code,location_code,title\n")
        for d in range(first, first + documents):
            name = f"{d // 1000:04d}/{d:06d}.pdf"
            os.makedirs(os.path.join(folder, f"{d // 1000:04d}"), exist_ok=True)
            with open(os.path.join(folder, name), "wb") as f:
                f.write(pdf([corpus.page(d, n) for n in range(TEN)]))
            place = f"A-{d % 40 + 1:02d}-{d // 40 % 10 + 1:02d}-{d // 400 % 100 + 1:02d}"
            manifest.write(f"{name},{corpus.customer(d // 2)[0]},{place},{KINDS[d % len(KINDS)]}\n")


def make_archive(program, archive, corpus, documents):
    def run(*words):
        done = subprocess.run([program, "--data", archive, *words], capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"dossier {' '.join(words)} ended with {done.returncode}:\n{done.stderr[-2000:]}")
        return done.stdout

    work = tempfile.mkdtemp(prefix="dossier-load-", dir=os.path.dirname(os.path.abspath(archive)))
    try:
        with open(f"{work}/customers.csv", "w", encoding="utf-8") as f:
            f.write("code,name,kind\n")
            for n in range(documents // 2 + 1):
                code, name, _ = corpus.customer(n)
                f.write(f"{code},{name},organisation\n")
        with open(f"{work}/locations.csv", "w", encoding="utf-8") as f:
            f.write("code,name,kind\n")
            for a in range(1, 41):
                for b in range(1, 11):
                    for c in range(1, 101):
                        f.write(f"A-{a:02d}-{b:02d}-{c:02d},,slot\n")
        begun = time.monotonic()
        run("customers", "import", f"{work}/customers.csv")
        run("locations", "import", f"{work}/locations.csv")
        print(f"registers: {documents // 2 + 1} customers and 40,000 slots imported in "
              f"{time.monotonic() - begun:.1f} s", flush=True)
        make_sources(f"{work}/scans", corpus, 0, documents)
        begun = time.monotonic()
        report = json.loads(run("ingest", f"{work}/scans", "--json"))
        seconds = time.monotonic() - begun
        print(f"ingest: {report['filed']} filed, {report['needs_review']} in review, {report['duplicate']} duplicate, "
              f"{report['rejected']} rejected of {report['found']}; {report['pages']} born-digital pages in {seconds:.1f} s, "
              f"{report['pages'] / seconds:.0f} pages/s from file to searchable", flush=True)
    finally:
        shutil.rmtree(work, ignore_errors=True)


class Server:
    def __init__(self, program, archive):
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            self.port = s.getsockname()[1]
        # An account of its own, so that the figures do not need a browser: a token for the API.
        self.log = open(os.path.join(archive, "load-serve.log"), "w")
        self.process = subprocess.Popen([program, "--data", archive, "serve", "--listen", f"127.0.0.1:{self.port}"],
                                        stdout=self.log, stderr=self.log)
        while True:
            if self.process.poll() is not None:
                sys.exit(f"dossier serve ended with {self.process.returncode}; see {self.log.name}")
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=1):
                    break
            except OSError:
                time.sleep(0.1)

    def stop(self):
        self.process.terminate()
        self.process.wait(30)
        self.log.close()


class Client:
    def __init__(self, port, headers):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.headers = headers

    def get(self, path):
        for again in (True, False):
            try:
                self.connection.request("GET", path, headers=self.headers)
                answer = self.connection.getresponse()
                return answer.status, answer.read()
            except (http.client.HTTPException, ConnectionError):
                self.connection.close()
                if not again:
                    raise

    def json(self, path):
        status, body = self.get(path)
        if status != 200:
            sys.exit(f"GET {path} answered {status}: {body[:500]!r}")
        return json.loads(body)


def shares(times):
    times = sorted(times)
    at = lambda q: times[min(len(times) - 1, int(len(times) * q))] * 1e3
    return at(0.5), at(0.95), at(0.99), times[-1] * 1e3


def row(what, times, errors=0):
    p50, p95, p99, most = shares(times)
    print(f"| {what} | {len(times)} | {p50:.1f} | {p95:.1f} | {p99:.1f} | {most:.1f} | {errors} |", flush=True)


def path_of(kind, corpus, r, documents):
    if kind == "search":
        return "/api/v1/search?" + urllib.parse.urlencode({"q": corpus.query(r, documents), "limit": 20})
    if kind == "locate":
        return "/api/v1/locate?" + urllib.parse.urlencode(
            {"code": f"A-{r.randrange(40) + 1:02d}-{r.randrange(10) + 1:02d}-{r.randrange(100) + 1:02d}"})
    raise ValueError(kind)


def sign_in(server, link, name, password):
    """The session of a person, by the one-time link and the form behind it."""
    client = Client(server.port, {})
    forms = re.findall(r"<form.*?</form>", client.get(link)[1].decode(), re.S)
    form = next((f for f in forms if 'type="password"' in f), "")
    fields = dict(re.findall(r'<input[^>]*type="hidden"[^>]*name="([^"]+)"[^>]*value="([^"]*)"', form))
    fields["name"] = name
    fields.update({n: password for n in re.findall(r'<input[^>]*type="password"[^>]*name="([^"]+)"', form)})
    fields.update({n: password for n in re.findall(r'<input[^>]*name="([^"]+)"[^>]*type="password"', form)})
    client.connection.request("POST", link, urllib.parse.urlencode(fields),
                              {"Content-Type": "application/x-www-form-urlencoded"})
    answer = client.connection.getresponse()
    body = answer.read()
    cookies = [v.split(";")[0] for k, v in answer.getheaders() if k.lower() == "set-cookie"]
    if not cookies:
        sys.exit(f"signing in answered {answer.status} without a cookie: {body[:500]!r}")
    return {"Cookie": "; ".join(cookies)}


def alone(server, token, session, corpus, documents, count):
    client, r = Client(server.port, {"Authorization": f"Bearer {token}"}), random.Random("alone")
    for kind in ("search", "locate"):
        times = []
        for n in range(count + 20):
            path = path_of(kind, corpus, r, documents)
            begun = time.perf_counter()
            client.json(path)
            if n >= 20:
                times.append(time.perf_counter() - begun)
        row(f"{kind} (JSON), alone", times)
    # What a person sees: the search view with its hits, and then a page image that was never made before.
    person, view, image = Client(server.port, session), [], []
    for n in range(max(30, count // 5)):
        path = "/search?" + urllib.parse.urlencode({"q": corpus.query(r, documents)})
        begun = time.perf_counter()
        status, body = person.get(path)
        view.append(time.perf_counter() - begun)
        if status != 200:
            sys.exit(f"GET {path} answered {status}: {body[:300]!r}")
        pictures = re.findall(rb'/documents/[^"\s]+/images/[^"/\s]+/', body)
        if not pictures or n % 3:
            continue
        begun = time.perf_counter()
        status, picture = person.get(pictures[0].decode() + "800")
        image.append(time.perf_counter() - begun)
        if status != 200 or len(picture) < 1000:
            sys.exit(f"the page image {pictures[0]} answered {status} with {len(picture)} bytes: {picture[:300]!r}")
    row("search view (HTML with 20 hits), alone", view)
    row("page image rendered for the first time, 800 px, alone", image)


def crowd(server, token, corpus, documents, clients, rate, seconds, what):
    """An open loop: question n is due at n/rate whatever became of the ones before it."""
    due, times, errors, lock = queue.Queue(), [], [], threading.Lock()
    r = random.Random(f"crowd/{clients}")
    plan = [path_of("search" if r.random() < 0.85 else "locate", corpus, r, documents) for _ in range(int(rate * seconds))]
    begun = time.perf_counter() + 0.5

    def work():
        client = Client(server.port, {"Authorization": f"Bearer {token}"})
        while True:
            item = due.get()
            if item is None:
                return
            at, path = item
            try:
                status, body = client.get(path)
                bad = None if status == 200 else f"{status} {path} {body[:200]!r}"
            except Exception as e:
                bad = f"{type(e).__name__} {path}"
            with lock:
                times.append(time.perf_counter() - at)
                if bad:
                    errors.append(bad)

    crew = [threading.Thread(target=work, daemon=True) for _ in range(clients)]
    for t in crew:
        t.start()
    for n, path in enumerate(plan):
        at = begun + n / rate
        wait = at - time.perf_counter()
        if wait > 0:
            time.sleep(wait)
        due.put((at, path))
    for _ in crew:
        due.put(None)
    for t in crew:
        t.join()
    row(f"{what}, {clients} clients, {rate:g}/s arriving", times, len(errors))
    for e in errors[:3]:
        print("   error:", e)


def main():
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("program")
    p.add_argument("--pages", type=int, default=100_000)
    p.add_argument("--archive")
    p.add_argument("--seed", type=int, default=7)
    p.add_argument("--seconds", type=float, default=60)
    p.add_argument("--rate", type=float, default=50)
    p.add_argument("--count", type=int, default=500, help="questions of the single client")
    p.add_argument("--beside-ingest", action="store_true", help="also 200 clients while an ingest runs")
    a = p.parse_args()
    program, corpus, documents = os.path.abspath(a.program), Corpus(a.seed), max(1, a.pages // TEN)
    parent = None if a.archive else tempfile.mkdtemp(prefix="dossier-load-")
    archive = os.path.abspath(a.archive or f"{parent}/archive")
    try:
        if not os.path.exists(f"{archive}/records.sqlite"):
            make_archive(program, archive, corpus, documents)
        name, password = f"load{int(time.time())}", secrets.token_urlsafe(24)
        users = [program, "--data", archive, "users"]
        added = subprocess.run([*users, "add", name, "--role", "administrator", "--clearance", "3"],
                               capture_output=True, text=True)
        token = subprocess.run([*users, "token", name, "--label", "load"], capture_output=True, text=True)
        if added.returncode or token.returncode:
            sys.exit(f"no account to ask with: {added.stderr}{token.stderr}")
        link, secret = urllib.parse.urlsplit(added.stdout.strip()).path, token.stdout.strip()
        server = Server(program, archive)
        try:
            print(f"\n{documents * TEN:,} pages, {documents:,} documents, {os.cpu_count()} cores, client on the same cores\n")
            print("| What | n | p50 ms | p95 ms | p99 ms | max ms | errors |\n|---|---|---|---|---|---|---|")
            alone(server, secret, sign_in(server, link, name, password), corpus, documents, a.count)
            crowd(server, secret, corpus, documents, 50, a.rate, a.seconds, "search and locate")
            if a.beside_ingest:
                beside(program, archive, server, secret, corpus, documents, a)
            rss = next(int(l.split()[1]) for l in open(f"/proc/{server.process.pid}/status") if l.startswith("VmHWM"))
            print(f"\nserve: {rss / 1024:.0f} MiB resident at its peak")
        finally:
            server.stop()
    finally:
        if parent:
            shutil.rmtree(parent, ignore_errors=True)


def beside(program, archive, server, token, corpus, documents, a):
    work = tempfile.mkdtemp(prefix="dossier-load-", dir=os.path.dirname(archive))
    try:
        make_sources(f"{work}/scans", corpus, documents + int(time.time()) % 100_000 * 10, 2000)
        ingest = subprocess.Popen([program, "--data", archive, "ingest", f"{work}/scans", "--json"],
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        crowd(server, token, corpus, documents, 200, a.rate, a.seconds, "the same while an ingest runs")
        ended = ingest.poll() is not None
        ingest.terminate()
        ingest.wait()
        print(f"   the ingest beside it {'had ended before the questions did' if ended else 'ran all the time'}")
    finally:
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
