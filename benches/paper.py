#!/usr/bin/env python3
"""The paper of a large archive over HTTP: looking up codes, racks, chains and what else the API offers of it (synthetic).

    python3 benches/paper.py target/release/dossier [--dossiers 133000] [--boxes 12000] [--placements 2000000]
                             [--archive DIR] [--postgres CONNECTION URL] [--count 500]

Customers and places are made by `dossier` itself; documents, boxes and the ledger of placements are written into the
database directly, since nobody moves two million papers for a bench: `--postgres` takes what psql takes after -d and the
URL of the same empty database for `dossier`. `--archive DIR` keeps the archive, and a second run serves it again.
Milliseconds as one client on the same cores sees them. A door that this program does not have is left out, and said.
"""
import argparse, csv, http.client, json, os, random, sqlite3, subprocess, sys, tempfile, time, urllib.parse
from load import Server, row

ROOMS, RACKS, COLUMNS, SHELVES, SLOTS = 5, 8, 25, 6, 10
NOW = 1_770_000_000_000_000
DAY = 86_400_000_000
KINDS = ["supply_contract", "licence_copy", "application_form"]


class Lite:
    def __init__(self, archive):
        self.base = sqlite3.connect(f"{archive}/records.sqlite", isolation_level=None)

    def columns(self, table):
        return [(name, "TEXT" in kind or "BLOB" in kind, not must) for _, name, kind, must, *_ in self.base.execute(f"PRAGMA table_info({table})")]

    def rows(self, question):
        return self.base.execute(question).fetchall()

    def fill(self, table, names, rows):
        self.base.execute("BEGIN")
        self.base.executemany(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})", rows)
        self.base.execute("COMMIT")

    def settle(self):
        self.base.execute("ANALYZE")
        self.base.close()


class Postgres:
    def __init__(self, connection):
        self.connection = connection

    def ask(self, text, given=None):
        done = subprocess.run(["psql", "-X", "-q", "-At", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-d", self.connection, "-c", text],
                              input=given, capture_output=True, text=True)
        if done.returncode:
            sys.exit(done.stderr[-2000:])
        return done.stdout

    def columns(self, table):
        asked = self.ask("SELECT column_name, data_type, is_nullable FROM information_schema.columns "
                         f"WHERE table_name = '{table}' AND table_schema = current_schema() ORDER BY ordinal_position")
        return [(name, kind in ("text", "bytea"), may == "YES") for name, kind, may in (line.split("\t") for line in asked.splitlines())]

    def rows(self, question):
        return [tuple(int(cell) if cell.lstrip("-").isdigit() else cell for cell in line.split("\t")) for line in self.ask(question).splitlines()]

    def fill(self, table, names, rows):
        with tempfile.TemporaryFile("w+", newline="") as held:
            # An empty field without quotes is NULL.
            held.writelines(",".join("" if cell is None else '"' + str(cell).replace('"', '""') + '"' for cell in line) + "\n" for line in rows)
            held.seek(0)
            done = subprocess.run(["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", self.connection, "-c",
                                   f"COPY {table} ({', '.join(names)}) FROM STDIN WITH (FORMAT csv)"], stdin=held, capture_output=True, text=True)
        if done.returncode:
            sys.exit(done.stderr[-2000:])

    def settle(self):
        for table in ("documents", "originals", "containers", "placements"):
            self.ask(f"SELECT setval(pg_get_serial_sequence('{table}', 'uid'), (SELECT max(uid) FROM {table}))")
        self.ask("ANALYZE")


def fill(base, table, rows):
    """Rows that name what matters; what else a table asks for is empty or 0."""
    columns, held = base.columns(table), []
    first = next(rows)
    names = [name for name, _, may in columns if name in first or not may]
    empty = {name: "" if text else 0 for name, text, may in columns if not may}

    def lines():
        for one in [first]:
            yield [one.get(name, empty.get(name)) for name in names]
        for one in rows:
            yield [one.get(name, empty.get(name)) for name in names]

    base.fill(table, names, lines())


def register(run, a):
    with tempfile.TemporaryDirectory() as work:
        with open(f"{work}/customers.csv", "w", newline="", encoding="utf-8") as file:
            table = csv.writer(file)
            table.writerow(["code", "name", "kind"])
            table.writerows((f"HU-{n:06d}", f"客户{n:06d}", "person") for n in range(1, a.dossiers + 1))
        run("customers", "import", f"{work}/customers.csv")
    for room in range(1, ROOMS + 1):
        run("locations", "build", f"Z-K{room}", "--racks", str(RACKS), "--columns", str(COLUMNS), "--shelves", str(SHELVES), "--slots", str(SLOTS))


def paper(base, a):
    """Two documents for each dossier, in boxes, in slots; each paper has moved some seven times."""
    chance = random.Random(17)
    slots = [uid for uid, in base.rows("SELECT uid FROM locations WHERE kind = 'slot' ORDER BY sort_key")]
    dossiers = [uid for uid, in base.rows("SELECT uid FROM dossiers ORDER BY uid")]
    documents = 2 * len(dossiers)
    used = chance.sample(slots, min(a.boxes, len(slots)))
    fill(base, "containers", ({"uid": n, "id": f"container-{n:08}", "serial": f"H-{n:05d}", "serial_folded": f"H-{n:05d}", "size_mm": 60,
                               "security_level_max": 3, "created_at": NOW - 900 * DAY, "version": 1, "kind": "box"}
                              for n in range(1, a.boxes + 1)))
    fill(base, "documents", ({"uid": n, "id": f"{n:08x}-0000-7000-8000-{n:012x}", "dossier_uid": dossiers[(n - 1) // 2], "state": "filed",
                              "link_basis": "manifest", "kind": KINDS[n % 3], "title": f"第{n}号文件", "title_folded": f"第{n}号文件",
                              "number": f"HT-{n:07d}", "number_folded": f"HT-{n:07d}", "date_text": "2024-05-13", "date_key": "2024-05-13",
                              "pages_scanned": 8, "medium": "paper", "copy_state": "unknown", "copies": 1, "security_level": 1,
                              "attributes": "{}", "created_at": NOW - chance.randint(0, 1_000) * DAY, "changed_at": NOW, "version": 1}
                             for n in range(1, documents + 1)))
    states = ["in_place"] * 97 + ["on_loan", "missing", "to_be_shelved"]
    fill(base, "originals", ({"uid": n, "id": f"original-{n:08}", "document_uid": n, "state": chance.choice(states), "changed_at": NOW, "version": 1}
                             for n in range(1, documents + 1)))

    def chain(kind, thing, places):
        at, former = NOW - 800 * DAY, None
        for position, (of, uid) in enumerate(places, 1):
            end = None if position == len(places) else at + chance.randint(1, 60) * DAY
            yield {"thing_kind": kind, "thing_uid": thing, "position": position, "place_kind": of, "place_uid": uid, "from_at": at,
                   "until_at": end, "former_until_at": former, "by_name": f"user{thing % 40:02}", "label": f"label-{uid}"}
            at, former = end, end

    def ledger():
        of_boxes = 0
        for n in range(1, a.boxes + 1):
            places = [("location", chance.choice(slots)) for _ in range(chance.randint(0, 3))] + [("location", used[(n - 1) % len(used)])]
            of_boxes += len(places)
            yield from chain("container", n, places)
        each = max(1, (a.placements - of_boxes) // documents)
        for n in range(1, documents + 1):
            box = (n - 1) * a.boxes // documents + 1
            yield from chain("original", n, [("container", chance.randint(1, a.boxes)) for _ in range(each - 1)] + [("container", box)])

    fill(base, "placements", ({"uid": n, **line} for n, line in enumerate(ledger(), 1)))
    base.settle()


def ask(client, headers, method, path, given=None):
    body = None if given is None else json.dumps(given)
    client.request(method, path, body, {**headers, "Content-Type": "application/json"})
    answer = client.getresponse()
    return answer.status, answer.read()


def measure(server, token, base_rows, a):
    client = http.client.HTTPConnection("127.0.0.1", server.port, timeout=120)
    headers = {"Authorization": f"Bearer {token}"}
    chance = random.Random(23)
    slots = [code for code, in base_rows("SELECT code FROM locations WHERE kind = 'slot'")]
    racks = [code for code, in base_rows("SELECT code FROM locations WHERE kind = 'rack'") if code.count("-") == 2]
    numbers = [f"HT-{n:07d}" for n in chance.sample(range(1, 2 * a.dossiers + 1), min(1_000, 2 * a.dossiers))]
    boxes = [f"H-{n:05d}" for n in range(1, a.boxes + 1)]
    quote = urllib.parse.quote
    doors = [
        ("locate a slot", "GET", lambda: f"/api/v1/locate?code={quote(chance.choice(slots))}", None, a.count),
        ("locate a box", "GET", lambda: f"/api/v1/locate?code={quote(chance.choice(boxes))}", None, a.count),
        ("what stands in a rack (1,500 slots)", "GET", lambda: f"/api/v1/locate?code={quote(chance.choice(racks))}", None, 40),
        ("the chain of a paper", "GET", lambda: f"/api/v1/things/{quote(chance.choice(numbers))}/history", None, a.count),
        ("the chain of a box", "GET", lambda: f"/api/v1/things/{quote(chance.choice(boxes))}/history", None, a.count),
        ("a proposal for a paper", "GET", lambda: f"/api/v1/placements/proposal?thing={quote(chance.choice(numbers))}", None, 200),
        ("a map of a room (12,000 slots)", "GET", lambda: "/api/v1/locations/Z-K1/map", None, 20),
        ("a map of a rack", "GET", lambda: f"/api/v1/locations/{quote(chance.choice(racks))}/map", None, 40),
    ]
    print("| What | n | p50 ms | p95 ms | p99 ms | max ms | errors |\n|---|---|---|---|---|---|---|")
    for what, method, path, given, count in doors:
        times, errors, absent = [], 0, False
        for n in range(count + 5):
            address = path()
            begun = time.perf_counter()
            status, body = ask(client, headers, method, address, given)
            if n >= 5:
                times.append(time.perf_counter() - begun)
            if status != 200:
                errors += 1
                absent = absent or (n == 0 and status in (404, 405))
                if absent:
                    break
        if absent:
            print(f"| {what} | no such door: {address} |")
        else:
            row(what, times, errors)
    status, body = ask(client, headers, "POST", "/api/v1/stocktakes", {"scope": "Z"})
    if status not in (200, 201):
        print(f"| a stocktake of all rooms | no such door ({status}) {body[:200]!r} |")
        return
    count = json.loads(body)["id"]
    for of in range(0, len(boxes), 500):
        ask(client, headers, "POST", f"/api/v1/stocktakes/{count}/scans", {"at": slots[of], "labels": boxes[of:of + 500], "worn": []})
    times = []
    for _ in range(5):
        begun = time.perf_counter()
        status, body = ask(client, headers, "GET", f"/api/v1/stocktakes/{count}")
        times.append(time.perf_counter() - begun)
    row(f"a stocktake of all rooms ({status}), {len(body) / 1e6:.1f} MB", times)


def main():
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("program")
    p.add_argument("--dossiers", type=int, default=133_000)
    p.add_argument("--boxes", type=int, default=12_000)
    p.add_argument("--placements", type=int, default=2_000_000)
    p.add_argument("--archive")
    p.add_argument("--postgres", nargs=2, metavar=("CONNECTION", "URL"))
    p.add_argument("--count", type=int, default=500)
    a = p.parse_args()
    with tempfile.TemporaryDirectory() as parent:
        archive = os.path.abspath(a.archive or f"{parent}/archive")
        program = os.path.abspath(a.program)
        if a.postgres:
            os.environ["DOSSIER_DATABASE"] = a.postgres[1]

        def run(*words):
            done = subprocess.run([program, "--data", archive, *words], capture_output=True, text=True)
            if done.returncode:
                sys.exit(f"dossier {' '.join(words)} ended with {done.returncode}:\n{done.stderr[-2000:]}")
            return done.stdout.strip()

        if not os.path.exists(f"{archive}/vault"):
            begun = time.monotonic()
            run("init")
            register(run, a)
            made = time.monotonic()
            paper(Postgres(a.postgres[0]) if a.postgres else Lite(archive), a)
            print(f"register made in {made - begun:.0f} s, paper in {time.monotonic() - made:.0f} s", flush=True)
        base = Postgres(a.postgres[0]) if a.postgres else Lite(archive)
        counted = {t: base.rows(f"SELECT count(*) FROM {t}")[0][0] for t in ("dossiers", "originals", "containers", "locations", "placements")}
        print(", ".join(f"{n:,} {t}" for t, n in counted.items()), "on", "PostgreSQL" if a.postgres else "SQLite", flush=True)
        name = f"paper{int(time.time())}"
        run("users", "add", name, "--role", "archivist", "--clearance", "3")
        token = run("users", "token", name, "--label", "paper")
        server = Server(program, archive)
        try:
            measure(server, token, base.rows, a)
        finally:
            server.stop()


if __name__ == "__main__":
    main()
