#!/usr/bin/env python3
"""How long the first window of every list takes over HTTP at 100,000 documents (synthetic), as view and by API.

    python3 benches/lists.py --program target/release/dossier [--documents 100000] [--postgres URL]

An archive is made by the program in a temporary folder, filled by SQL behind its back (so that its audit trail does not
fit it), and served. Each list is asked for 6 times by an account of all roles; the table shows the median and the worst
of all but the first. URL is of an empty database (postgres://...); without it the record is SQLite.
"""
import argparse, http.cookiejar, json, re, sqlite3, statistics, subprocess, tempfile, time, urllib.parse, urllib.request
from history import fill_documents

NOW = 1_780_000_000_000_000
PASSWORD = "a sentence for the bench 1984"
VIEWS = ["/today", "/today/originals_to_shelve", "/today/review", "/customers", "/customers/C00007", "/locations", "/locations/K1",
         "/locations/K1-01", "/review", "/review/decided", "/reading", "/batches", "/withdrawn", "/admin/sealed", "/admin/users",
         "/admin/second", "/grants", "/imports", "/admin/kinds", "/admin/checklists", "/audit", "/history", "/search?q=HT"]
LISTS = ["/customers", "/locations", "/locate?code=K1-01", "/review", "/review/decided", "/reading", "/batches", "/withdrawn", "/imports",
         "/grants", "/second-acts", "/audit", "/history", "/today", "/uploads", "/kinds", "/checklists", "/users"]


def uuid(uid):
    return f"0190b8c4-7f2e-7000-8000-{uid:012x}"


class Record:
    """The record behind the program's back."""

    def __init__(self, folder, url):
        self.url = url
        self.base = None if url else sqlite3.connect(f"{folder}/records.sqlite")

    def psql(self, text, *options):
        return subprocess.run(["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", self.url, *options], input=text, text=True,
                              capture_output=True, check=True).stdout

    def columns(self, table):
        if self.base:
            found = self.base.execute(f"PRAGMA table_info({table})").fetchall()
            return [(name, "TEXT" in kind, not must and name != "uid") for _, name, kind, must, *_ in found]
        text = self.psql("SELECT column_name, data_type, is_nullable FROM information_schema.columns "
                         f"WHERE table_name = '{table}' ORDER BY ordinal_position", "-tA")
        return [(name, kind == "text", null == "YES") for name, kind, null in (line.split("|") for line in text.split("\n") if line)]

    def ask(self, text):
        if self.base:
            return [tuple(map(str, row)) for row in self.base.execute(text)]
        return [tuple(line.split("|")) for line in self.psql(text, "-tA").split("\n") if line]

    def insert(self, table, names, rows):
        if self.base:
            marks = ", ".join("?" * len(names))
            self.base.executemany(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})", rows)
            self.base.commit()
        else:
            copied = ("\t".join("\\N" if value is None else str(value) for value in row) for row in rows)
            self.psql(f"COPY {table} ({', '.join(names)}) FROM STDIN;\n" + "\n".join(copied) + "\n\\.\n")

    def done(self):
        if self.base:
            self.base.execute("ANALYZE")
            self.base.commit()
            self.base.close()
        else:
            self.psql("ANALYZE")


def documents(columns, count, dossiers):
    """A hundredth is withdrawn, a twentieth waits in review; the others are filed with customers."""
    at = {name: n for n, (name, *_) in enumerate(columns)}
    json_texts = [name for name in ("seals", "attributes") if name in at]
    for row in fill_documents(columns, count):
        uid = row[at["uid"]]
        row[at["id"]] = uuid(uid)
        state = "withdrawn" if uid % 100 == 0 else "in_review" if uid % 20 == 1 else "filed"
        row[at["state"]] = state
        row[at["review_reason"]] = "customer_unknown" if state == "in_review" else ""
        row[at["link_basis"]] = "none" if state == "in_review" else "manifest"
        row[at["dossier_uid"]] = None if state == "in_review" else dossiers[uid % len(dossiers)]
        row[at["kind"]] = "contract"
        row[at["title"]] = f"Contract {uid}"
        row[at["number"]] = f"HT-{uid:07}"
        row[at["number_folded"]] = f"ht{uid:07}"
        row[at["date_text"]] = "2024-05-13"
        row[at["medium"]] = "paper"
        row[at["created_at"]] = NOW - uid * 1_000_000
        row[at["pages_scanned"]] = 1
        row[at["security_level"]] = 1
        for name in json_texts:
            row[at[name]] = "[]" if name == "seals" else "{}"
        yield row


def fill(record, count):
    dossiers = [int(row[0]) for row in record.ask("SELECT uid FROM dossiers ORDER BY uid")]
    places = [int(row[0]) for row in record.ask("SELECT uid FROM locations WHERE code LIKE 'K1-%-%-%' ORDER BY uid")]
    columns = record.columns("documents")
    record.insert("documents", [name for name, *_ in columns], documents(columns, count, dossiers))
    states = {True: "to_be_shelved", False: "in_place"}
    record.insert("originals", ["uid", "id", "document_uid", "state", "changed_at", "version"],
                  ((uid, uuid(uid), uid, states[uid % 30 == 0], NOW, 1) for uid in range(1, count + 1)))
    record.insert("placements", ["thing_kind", "thing_uid", "position", "place_kind", "place_uid", "from_at", "by_name", "label"],
                  (("original", uid, 1, "location", places[uid % len(places)], NOW, "bench", "") for uid in range(1, count + 1) if uid % 30))
    record.done()


def sign_in(address, link):
    jar = http.cookiejar.CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    opener.addheaders = [("Accept", "text/html"), ("Sec-Fetch-Site", "same-origin")]
    path = link[link.index("/link/"):]
    form = opener.open(address + path).read().decode()
    fields = {}
    for field in re.findall(r"<input[^>]*>", form.split("<form", 1)[1].split("</form>")[0]):
        told = dict(re.findall(r'([a-z]+)="([^"]*)"', field))
        fields[told["name"]] = PASSWORD if told.get("type") == "password" else told.get("value", "")
    opener.open(address + path, urllib.parse.urlencode(fields).encode()).read()
    return opener


def measure(opener, address, path, accept):
    opener.addheaders = [("Accept", accept), ("Sec-Fetch-Site", "same-origin")]
    times = []
    for _ in range(6):
        begun = time.perf_counter()
        opener.open(address + path).read()
        times.append((time.perf_counter() - begun) * 1000)
    print(f"{path:34} {times[0]:9.1f} {statistics.median(times[1:]):9.1f} {max(times[1:]):9.1f}", flush=True)


def main(told):
    with tempfile.TemporaryDirectory() as folder:
        data = f"{folder}/data"
        base = [told.program, "--data", data] + (["--database", told.postgres] if told.postgres else [])

        def run(*words):
            return subprocess.run(base + list(words), check=True, capture_output=True, text=True).stdout

        run("init")
        customers = "".join(f"C{n:05},Customer {n},company\n" for n in range(max(10, told.documents // 10)))
        with open(f"{folder}/customers.csv", "w") as file:
            file.write("code,name,kind\n" + customers)
        run("customers", "import", f"{folder}/customers.csv")
        with open(f"{folder}/locations.csv", "w") as file:
            file.write("code,name,kind\n" + "".join(f"K1-{rack:02}-{column}-{shelf},,\n" for rack in range(1, 21)
                                                      for column in range(1, 11) for shelf in range(1, 7)))
        run("locations", "import", f"{folder}/locations.csv")
        link = json.loads(run("users", "add", "bench", "--role", "viewer,archivist,auditor,administrator", "--clearance", "secret",
                              "--json"))["link"]
        fill(Record(data, told.postgres), told.documents)
        server = subprocess.Popen(base + ["serve", "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                  text=True)
        try:
            address = next(re.search(r"http://[^/\s]*", line).group(0) for line in server.stdout if "http://" in line)
            opener = sign_in(address, link)
            while urllib.request.urlopen(address + "/livez").status != 200:
                pass
            print(f"{told.documents:,} documents, {'PostgreSQL' if told.postgres else 'SQLite'}\n{'list':34} {'first ms':>9} {'median':>9} {'worst':>9}")
            for path in VIEWS:
                measure(opener, address, path, "text/html")
            for path in LISTS:
                measure(opener, address, "/api/v1" + path, "application/json")
        finally:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--program", required=True)
    words.add_argument("--documents", type=int, default=100_000)
    words.add_argument("--postgres", help="the URL of an empty database")
    main(words.parse_args())
