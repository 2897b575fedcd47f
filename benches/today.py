#!/usr/bin/env python3
"""How long the counts of today and the look-ups in the audit trail take, on SQLite and PostgreSQL (synthetic).

    python3 benches/today.py [--documents 100000] [--events 1000000] [--postgres CONNECTION] [--plans]

Without --postgres only SQLite is measured; CONNECTION is what psql takes after -d, of an empty database. The schema is
that of records/src/migrations; the conditions of the counts are read from records/src/today/mod.rs. Each statement runs
20 times; the table shows the median and the worst. --plans prints how each is answered.
"""
import argparse, random, re, sqlite3, statistics, subprocess, tempfile, time
from history import HOUSE, PEOPLE, SIGHT, fill_documents, schema, statements

NOW = 1_770_000_000_000_000
DAY = 86_400_000_000
SLOT = 900_000_000
ACTIONS = ["document.viewed", "page.viewed", "search.ran", "location.viewed", "document.changed", "session.begun"]


def documents(columns, count):
    """A twentieth waits in review, papers came in during four years, some expire soon."""
    chance = random.Random(3)
    at = {name: n for n, (name, *_) in enumerate(columns)}
    for row in fill_documents(columns, count):
        waits = chance.random() < 0.05
        row[at["state"]] = "in_review" if waits else "filed"
        row[at["review_reason"]] = "customer_ambiguous" if waits or chance.random() < 0.3 else ""
        row[at["link_basis"]] = "none" if waits else "nobody"
        row[at["created_at"]] = NOW - chance.randint(0, 1_400) * DAY
        row[at["pages_scanned"]] = 3
        row[at["security_level"]] = 1
        row[at["valid_until"]] = f"20{chance.randint(20, 40)}-{chance.randint(1, 12):02}-15" if chance.random() < 0.3 else ""
        yield row


def originals(count):
    chance = random.Random(5)
    states = ["in_place"] * 94 + ["to_be_shelved"] * 5 + ["missing"]
    for uid in range(1, count + 1):
        yield (uid, f"original-{uid:08}", uid, chance.choice(states), NOW, 1)


def pages(count):
    """Three pages each; a tenth had to be looked at, of which most have been."""
    chance = random.Random(9)
    for uid in range(1, 3 * count + 1):
        reading = 4 if chance.random() < 0.1 else 0
        seen = NOW if reading and chance.random() < 0.8 else None
        yield (uid, (uid + 2) // 3, (uid - 1) % 3 + 1, 1, 0, 0, 100, 100, "read", "", "[]", 0, reading, seen)


def events(count):
    chance = random.Random(7)
    for sequence in range(1, count + 1):
        person = PEOPLE[min(int(chance.expovariate(0.3)), 39)]
        action = ACTIONS[min(int(chance.expovariate(0.6)), 5)]
        of = chance.randint(1, 20_000)
        at = NOW - (count - sequence) * (400 * DAY // count)
        yield (sequence, at, person, action, "document", f"document-{of:08}", "done", "", b"x" * 16, b"x" * 32)


def counts():
    """Item, statement: the conditions of the program with the values that stand for their places."""
    source = (HOUSE / "records/src/today/mod.rs").read_text()
    paper = re.search(r'const PAPER: &str = "([^"]*)"', source).group(1)
    values = {"ReviewLate": [NOW - 7 * DAY], "Expiring": ["'2026-02-02'", "'2026-03-04'"]}
    found = re.findall(r'TodayItem::(\w+) => \(\s*("[^"]*"|PAPER),\s*"([^"]*)",?\s*\)', source)
    from_documents = "FROM documents d LEFT JOIN dossiers o ON o.uid = d.dossier_uid"
    for item, join, condition in found:
        for value in values.get(item, []):
            condition = condition.replace("?", str(value), 1)
        join = paper if join == "PAPER" else ""
        yield item, f"SELECT count(*) {from_documents} {join} WHERE {SIGHT} AND ({condition})"
    yield "PagesToCheck", (f"SELECT count(*), sum(CASE WHEN (p.reading & 4) <> 0 THEN 1 ELSE 0 END) FROM pages p JOIN documents d "
                           f"ON d.uid = p.document_uid LEFT JOIN dossiers o ON o.uid = d.dossier_uid WHERE {SIGHT} AND "
                           "(p.reading <> 0 AND p.seen_at IS NULL AND p.withdrawn = 0)")
    yield "decided in review", f"SELECT count(*) {from_documents} WHERE {SIGHT} AND (d.state = 'filed' AND d.review_reason <> '')"
    yield "holdings", f"SELECT count(*), sum(d.pages_scanned) {from_documents} WHERE {SIGHT}"
    yield "intake", (f"SELECT d.created_at / {SLOT}, count(*) {from_documents} WHERE {SIGHT} AND (d.created_at >= {NOW - 31 * DAY}) "
                     f"GROUP BY d.created_at / {SLOT}")
    yield "lookups of all", (f"SELECT at / {SLOT}, count(*) FROM audit_events WHERE action = 'search.ran' AND at >= {NOW - 31 * DAY} "
                             f"GROUP BY at / {SLOT}")
    newest = "SELECT sequence, at, actor, action, object_kind, object_id, outcome, detail FROM audit_events WHERE 1 = 1"
    order = "ORDER BY at DESC, sequence DESC LIMIT 101"
    counted = "SELECT count(*) FROM (SELECT 1 FROM audit_events WHERE 1 = 1 {} LIMIT 10001) AS counted"
    week = f"AND at >= {NOW - 200 * DAY} AND at < {NOW - 193 * DAY}"
    for name, condition in [("person, week", f"AND actor = 'user03' {week}"), ("rare person, week", f"AND actor = 'user30' {week}"),
                            ("record", "AND object_kind = 'document' AND object_id = 'document-00000042'"),
                            ("record, week", f"AND object_kind = 'document' AND object_id = 'document-00000042' {week}"),
                            ("year", f"AND at >= {NOW - 390 * DAY} AND at < {NOW - 25 * DAY}"),
                            ("person, year", f"AND actor = 'user03' AND at >= {NOW - 390 * DAY} AND at < {NOW - 25 * DAY}"),
                            ("action, week", f"AND action = 'session.begun' {week}"), ("week", week),
                            ("person, action, week", f"AND actor = 'user03' AND action = 'search.ran' {week}")]:
        last = "AND sequence < 9223372036854775807 " + (order if "at >=" in condition else "ORDER BY sequence DESC LIMIT 101")
        yield f"trail: {name}", f"{newest} {condition} {last}"
        yield f"trail: {name}, counted", counted.format(condition)


def measure(title, run, plan):
    print(f"\n{title}\n{'statement':36} {'median ms':>10} {'worst ms':>10}")
    for name, text in counts():
        times = []
        for _ in range(20):
            begun = time.perf_counter()
            run(text)
            times.append((time.perf_counter() - begun) * 1000)
        print(f"{name:36} {statistics.median(times):10.2f} {max(times):10.2f}")
        if plan:
            print("    " + "\n    ".join(plan(text)))


TABLES = {"originals": "uid, id, document_uid, state, changed_at, version",
          "pages": "uid, document_uid, number, scan_uid, scan_index, turn, width, height, state, failure, unread_regions, "
                   "withdrawn, reading, seen_at",
          "audit_events": "sequence, at, actor, action, object_kind, object_id, outcome, detail, salt, leaf"}
SCAN = "INSERT INTO scans (uid, id, sha256, bytes, media_type, path, path_raw, created_at) VALUES (1, 's', 's', 1, '', '', '', 1)"


def sqlite(asked):
    with tempfile.TemporaryDirectory() as folder:
        base = sqlite3.connect(f"{folder}/today.sqlite")
        base.executescript("PRAGMA journal_mode = WAL; PRAGMA cache_size = -8192;")
        for statement in statements(schema("sqlite")):
            base.execute(statement)
        columns = [(name, "TEXT" in kind, not must and name != "uid")
                   for _, name, kind, must, *_ in base.execute("PRAGMA table_info(documents)")]
        base.execute("PRAGMA ignore_check_constraints = ON")
        base.executemany(f"INSERT INTO documents ({', '.join(c[0] for c in columns)}) VALUES ({', '.join('?' * len(columns))})",
                         documents(columns, asked.documents))
        base.execute(SCAN)
        for table, rows in [("originals", originals(asked.documents)), ("pages", pages(asked.documents)),
                            ("audit_events", events(asked.events))]:
            named = TABLES[table]
            base.executemany(f"INSERT INTO {table} ({named}) VALUES ({', '.join('?' * len(named.split(',')))})", rows)
        base.commit()

        def plan(text):
            return [row[3] for row in base.execute("EXPLAIN QUERY PLAN " + text) if "grants" not in row[3]]

        measure(f"SQLite {sqlite3.sqlite_version}, {asked.documents:,} documents, {asked.events:,} events",
                lambda text: base.execute(text).fetchall(), plan if asked.plans else None)


def postgres(asked):
    def psql(text, *options):
        return subprocess.run(["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", asked.postgres, *options], input=text, text=True,
                              capture_output=True, check=True).stdout

    def copied(value):
        return "\\N" if value is None else "\\\\x" + value.hex() if isinstance(value, bytes) else str(value)

    def copy(table, named, rows):
        psql(f"COPY {table} ({named}) FROM STDIN;\n" + "\n".join("\t".join(map(copied, row)) for row in rows) + "\n\\.\n")

    psql(schema("postgres"))
    found = psql("SELECT column_name, data_type, is_nullable FROM information_schema.columns "
                 "WHERE table_name = 'documents' ORDER BY ordinal_position", "-tA")
    columns = [(name, kind == "text", null == "YES") for name, kind, null in (line.split("|") for line in found.split("\n") if line)]
    copy("documents", ", ".join(c[0] for c in columns), documents(columns, asked.documents))
    psql(SCAN)
    copy("originals", TABLES["originals"], originals(asked.documents))
    copy("pages", TABLES["pages"], pages(asked.documents))
    copy("audit_events", TABLES["audit_events"], events(asked.events))
    psql("VACUUM ANALYZE")
    print(f"\nPostgreSQL, {asked.documents:,} documents, {asked.events:,} events\n{'statement':36} {'median ms':>10} {'worst ms':>10}")
    for name, text in counts():
        told = psql(f"EXPLAIN (ANALYZE, TIMING OFF, COSTS OFF) {text};\n" * 20, "-tA")
        times = [float(ms) for ms in re.findall(r"Execution Time: ([\d.]+) ms", told)]
        print(f"{name:36} {statistics.median(times):10.2f} {max(times):10.2f}")
        if asked.plans:
            print("    " + "\n    ".join(line for line in told.split("Execution Time")[0].split("\n") if "Scan" in line and "grants" not in line))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=100_000)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--postgres")
    parser.add_argument("--plans", action="store_true")
    asked = parser.parse_args()
    postgres(asked) if asked.postgres else sqlite(asked)
