#!/usr/bin/python3
"""Measures one peer of the search on the pages and queries that the bench has written.

    peers.py sqlite|postgres|groonga|xapian FOLDER

FOLDER holds pages.jsonl and queries.jsonl. Prints one line of JSON. Every peer gets the folded text, the same filter
of what may be seen (access <= 1), counts at most 10,000 pages, fetches the text of 20 and marks every hit in it.
"""

import json
import os
import random
import shutil
import subprocess
import sys
import time

CAP = 10_000
SHOWN = 20
ACCESS = 1


def pages(folder):
    with open(os.path.join(folder, "pages.jsonl"), encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def queries(folder):
    with open(os.path.join(folder, "queries.jsonl"), encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def mark(text, words):
    """Every place of every word: what our own snippet does."""
    places = []
    for word in words:
        at = text.find(word)
        while at >= 0:
            places.append((at, at + len(word)))
            at = text.find(word, at + 1)
    return places


def folder_bytes(folder):
    return sum(os.path.getsize(os.path.join(root, name)) for root, _, names in os.walk(folder) for name in names)


def measure(engine, folder):
    began = time.perf_counter()
    count = engine.build(pages(folder))
    seconds = time.perf_counter() - began
    times, word2 = [], []
    recalls, wrong = [], 0
    for query in queries(folder):
        if query["kind"] == "recall":
            truth = set(query["truth"])
            found = set(engine.everything(query["all"][0]))
            recalls.append(len(found & truth) / len(truth) if truth else 1.0)
            # Noise can write a word where none stood; more than that is the engine's own.
            wrong += max(0, len(found - truth) - len(truth) // 20 - 2)
            continue
        rounds = []
        for _ in range(3):
            began = time.perf_counter()
            words = query["all"] or query["any"]
            for text in engine.search(query):
                mark(text, words)
            rounds.append((time.perf_counter() - began) * 1e3)
        rounds.sort()
        times.append(rounds[1])
        if query["kind"] == "word2":
            word2.append(rounds[1])
    size = engine.size()
    engine.close()
    return {
        "engine": engine.name(),
        "pages_per_second": count / seconds,
        "bytes_per_page": size / count,
        "p50": quantile(times, 0.5),
        "p99": quantile(times, 0.99),
        "max": max(times),
        "word2_p50": quantile(word2, 0.5),
        "word2_p99": quantile(word2, 0.99),
        "recall": sum(recalls) / len(recalls),
        "wrong": wrong,
        "configuration": engine.configuration,
    }


def quantile(values, share):
    ordered = sorted(values)
    rank = max(1, -(-int(share * len(ordered) * 1000) // 1000))
    return ordered[min(rank, len(ordered)) - 1]


def sql_filter(query, mark_):
    """Conditions beside the words, with their values."""
    conditions, values = [f"access <= {ACCESS}"], []
    for field, wanted in (query.get("filter") or {}).items():
        if isinstance(wanted, list):
            conditions.append(f"{field} BETWEEN {mark_} AND {mark_}")
            values += wanted
        else:
            conditions.append(f"{field} = {mark_}")
            values.append(wanted)
    return conditions, values


class Sqlite:
    configuration = (
        "fts5 trigram, detail=full, text in the table (content=), optimize after the build, mmap 1 GB, cache 256 MB, "
        "synchronous=off while building, primary key descending; words of two characters scan the table (+text LIKE)"
    )

    def __init__(self, folder):
        import sqlite3

        self.path = os.path.join(folder, "sqlite.db")
        self.database = sqlite3.connect(self.path)
        run = self.database.execute
        run("PRAGMA journal_mode=off")
        run("PRAGMA synchronous=off")
        run("PRAGMA cache_size=-262144")
        run("PRAGMA mmap_size=1073741824")
        self.version = sqlite3.sqlite_version

    def name(self):
        return f"SQLite {self.version} FTS5 trigram"

    def build(self, all_pages):
        run = self.database.execute
        run("CREATE TABLE page (id INTEGER PRIMARY KEY, customer, kind, date, access, place, text)")
        run("CREATE VIRTUAL TABLE full_text USING fts5(text, content='page', content_rowid='id', tokenize='trigram')")
        count = 0
        for page in all_pages:
            row = (page["id"], page["customer"], page["kind"], page["date"], page["access"], page["place"], page["text"])
            run("INSERT INTO page VALUES (?, ?, ?, ?, ?, ?, ?)", row)
            run("INSERT INTO full_text (rowid, text) VALUES (?, ?)", (page["id"], page["text"]))
            count += 1
        run("CREATE INDEX page_customer ON page (customer)")
        run("INSERT INTO full_text (full_text) VALUES ('optimize')")
        self.database.commit()
        run("ANALYZE")
        self.database.commit()
        return count

    def statement(self, query):
        conditions, values = sql_filter(query, "?")
        match = []
        for word in query.get("all") or []:
            if len(word) >= 3:
                match.append('"' + word + '"')
            else:
                conditions.append("+page.text LIKE ?")
                values.append(f"%{word}%")
        some = query.get("any") or []
        if some and all(len(word) >= 3 for word in some):
            match.append("(" + " OR ".join('"' + word + '"' for word in some) + ")")
        elif some:
            conditions.append("(" + " OR ".join("+page.text LIKE ?" for _ in some) + ")")
            values += [f"%{word}%" for word in some]
        for word in query.get("not") or []:
            conditions.append("+page.text NOT LIKE ?")
            values.append(f"%{word}%")
        if match:
            conditions.insert(0, "full_text MATCH ?")
            values.insert(0, " AND ".join(match))
            source, order = "full_text CROSS JOIN page ON page.id = full_text.rowid", "full_text.rowid"
        else:
            source, order = "page", "page.id"
        return f"SELECT page.id FROM {source} WHERE {' AND '.join(conditions)} ORDER BY {order} DESC", values

    def search(self, query):
        statement, values = self.statement(query)
        ids = self.database.execute(f"{statement} LIMIT {CAP}", values).fetchall()[:SHOWN]
        return [self.database.execute("SELECT text FROM page WHERE id = ?", row).fetchone()[0] for row in ids]

    def everything(self, word):
        if len(word) >= 3:
            statement, value = "SELECT rowid FROM full_text WHERE full_text MATCH ?", '"' + word + '"'
        else:
            statement, value = "SELECT id FROM page WHERE text LIKE ?", f"%{word}%"
        return [row[0] for row in self.database.execute(statement, (value,))]

    def size(self):
        return os.path.getsize(self.path)

    def close(self):
        self.database.close()


class Postgres:
    configuration = (
        "cluster of its own, locale C.UTF-8 (under C it finds no trigram in Han), gin (text gin_trgm_ops) built after COPY with maintenance_work_mem 512 MB, "
        "shared_buffers 1 GB, fsync off, jit off, VACUUM ANALYZE; order by id descending limit 10,000"
    )

    def __init__(self, folder):
        import psycopg2

        versions = sorted(os.listdir("/usr/lib/postgresql"), key=float)
        self.programs = f"/usr/lib/postgresql/{versions[-1]}/bin"
        self.version = versions[-1]
        # The server refuses to run as root, and its user must reach its folder.
        self.folder = f"/tmp/dossier-bench-postgres-{os.getpid()}"
        os.mkdir(self.folder)
        if os.getuid() == 0:
            shutil.chown(self.folder, "postgres")
        self.port = random.randint(20_000, 40_000)
        self.run("initdb", "-D", f"{self.folder}/data", "-A", "trust", "--locale=C.UTF-8", "-E", "UTF8")
        options = (
            f"-p {self.port} -k {self.folder} -c listen_addresses='' -c shared_buffers=1GB -c fsync=off -c jit=off "
            "-c maintenance_work_mem=512MB -c work_mem=64MB -c max_wal_size=8GB -c effective_cache_size=8GB "
            "-c random_page_cost=1.1 -c max_parallel_workers_per_gather=0 -c autovacuum=off"
        )
        self.run("pg_ctl", "-D", f"{self.folder}/data", "-w", "-l", f"{self.folder}/log", "-o", options, "start")
        user = "postgres" if os.getuid() == 0 else os.environ.get("USER", "postgres")
        self.database = psycopg2.connect(host=self.folder, port=self.port, user=user, dbname="postgres")
        self.database.autocommit = True
        self.cursor = self.database.cursor()

    def run(self, program, *words):
        command = [f"{self.programs}/{program}", *words]
        if os.getuid() == 0:
            command = ["runuser", "-u", "postgres", "--", *command]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd="/tmp")

    def name(self):
        return f"PostgreSQL {self.version} pg_trgm GIN"

    def build(self, all_pages):
        import io

        run = self.cursor.execute
        run("CREATE EXTENSION pg_trgm")
        run(
            "CREATE TABLE page (id BIGINT PRIMARY KEY, customer BIGINT, kind TEXT, date INT, access INT, place BIGINT, text TEXT)"
        )
        count, buffer = 0, io.StringIO()
        for page in all_pages:
            fields = [page[name] for name in ("id", "customer", "kind", "date", "access", "place", "text")]
            buffer.write("\t".join(str(field) for field in fields) + "\n")
            count += 1
            if count % 5_000 == 0:
                buffer.seek(0)
                self.cursor.copy_from(buffer, "page")
                buffer = io.StringIO()
        buffer.seek(0)
        self.cursor.copy_from(buffer, "page")
        run("CREATE INDEX ON page USING gin (text gin_trgm_ops)")
        run("CREATE INDEX ON page (customer)")
        run("VACUUM ANALYZE page")
        return count

    def search(self, query):
        conditions, values = sql_filter(query, "%s")
        for word in query.get("all") or []:
            conditions.append("text LIKE %s")
            values.append(f"%{word}%")
        some = query.get("any") or []
        if some:
            conditions.append("(" + " OR ".join("text LIKE %s" for _ in some) + ")")
            values += [f"%{word}%" for word in some]
        for word in query.get("not") or []:
            conditions.append("text NOT LIKE %s")
            values.append(f"%{word}%")
        self.cursor.execute(
            f"SELECT id FROM page WHERE {' AND '.join(conditions)} ORDER BY id DESC LIMIT {CAP}", values
        )
        ids = [row[0] for row in self.cursor.fetchall()[:SHOWN]]
        self.cursor.execute("SELECT text FROM page WHERE id = ANY(%s)", (ids,))
        return [row[0] for row in self.cursor.fetchall()]

    def everything(self, word):
        self.cursor.execute("SELECT id FROM page WHERE text LIKE %s", (f"%{word}%",))
        return [row[0] for row in self.cursor.fetchall()]

    def size(self):
        self.cursor.execute("SELECT pg_total_relation_size('page')")
        return self.cursor.fetchone()[0]

    def close(self):
        self.database.close()
        self.run("pg_ctl", "-D", f"{self.folder}/data", "-w", "-m", "immediate", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)


class Groonga:
    configuration = (
        "TokenBigramSplitSymbolAlphaDigit, NormalizerAuto, WITH_POSITION, index built after the load (offline), text "
        "column zstd where the package has it; match_escalation off; select with drilldown off, sort by -_key, limit 10,000; "
        "one groonga process over a pipe, its own time of the pipe included"
    )

    def __init__(self, folder):
        self.folder = os.path.join(folder, "groonga")
        os.mkdir(self.folder)
        self.process = subprocess.Popen(
            ["groonga", "-n", f"{self.folder}/db"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )
        self.version = subprocess.run(["groonga", "--version"], capture_output=True, text=True).stdout.split()[1]

    def name(self):
        return f"Groonga {self.version}"

    def run(self, command):
        self.process.stdin.write(command.replace("\n", " ") + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        if answer[0][0] != 0:
            raise RuntimeError(f"groonga refused `{command[:120]}`: {answer[0][3]}")
        return answer[1]

    def build(self, all_pages):
        self.run("table_create Page TABLE_PAT_KEY Int64")
        for name, kind in (("customer", "Int64"), ("date", "Int32"), ("access", "Int32"), ("place", "Int64")):
            self.run(f"column_create Page {name} COLUMN_SCALAR {kind}")
        self.run("column_create Page kind COLUMN_SCALAR ShortText")
        try:
            self.run("column_create Page text COLUMN_SCALAR|COMPRESS_ZSTD Text")
        except RuntimeError:
            self.run("column_create Page text COLUMN_SCALAR Text")
        count, waiting = 0, []

        def load():
            values = json.dumps(waiting, ensure_ascii=False)
            self.process.stdin.write("load --table Page\n" + values.replace("\n", " ") + "\n")
            self.process.stdin.flush()
            answer = json.loads(self.process.stdout.readline())
            if answer[0][0] != 0:
                raise RuntimeError(str(answer[0]))

        for page in all_pages:
            page["_key"] = page.pop("id")
            waiting.append(page)
            count += 1
            if len(waiting) == 1_000:
                load()
                waiting = []
        if waiting:
            load()
        self.run(
            "table_create Terms TABLE_PAT_KEY ShortText --default_tokenizer TokenBigramSplitSymbolAlphaDigit --normalizer NormalizerAuto"
        )
        self.run("column_create Terms page_text COLUMN_INDEX|WITH_POSITION Page text")
        self.run("table_create Customers TABLE_HASH_KEY Int64")
        self.run("column_create Customers page_customer COLUMN_INDEX Page customer")
        return count

    def filter(self, query):
        def word(text):
            return "text @ " + json.dumps(text, ensure_ascii=False)

        parts = [word(text) for text in query.get("all") or []]
        if query.get("any"):
            parts.append("(" + " || ".join(word(text) for text in query["any"]) + ")")
        parts.append(f"access <= {ACCESS}")
        for field, wanted in (query.get("filter") or {}).items():
            if isinstance(wanted, list):
                parts.append(f"({field} >= {wanted[0]} && {field} <= {wanted[1]})")
            else:
                parts.append(f"{field} == {json.dumps(wanted)}")
        text = " && ".join(parts)
        for excluded in query.get("not") or []:
            text = f"({text}) &! ({word(excluded)})"
        return text

    def select(self, text, limit, columns):
        quoted = text.replace("\\", "\\\\").replace("'", "\\'")
        answer = self.run(
            f"select Page --match_escalation no --filter '{quoted}' --output_columns {columns} --limit {limit} --sort_keys -_key --cache no"
        )
        return answer[0][2:]

    def search(self, query):
        return [row[0] for row in self.select(self.filter(query), SHOWN, "text")]

    def everything(self, word):
        text = "text @ " + json.dumps(word, ensure_ascii=False)
        return [row[0] for row in self.select(text, -1, "_key")]

    def size(self):
        return folder_bytes(self.folder)

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class Xapian:
    configuration = (
        "TermGenerator and QueryParser with FLAG_CJK_NGRAM (unigrams and bigrams), phrases, glass backend compacted, "
        "text zlib-compressed as document data, checkatleast 10,000, bool weight, docid order descending"
    )

    def __init__(self, folder):
        import xapian

        self.xapian = xapian
        self.folder = os.path.join(folder, "xapian")

    def name(self):
        return f"Xapian {self.xapian.version_string()}"

    def build(self, all_pages):
        import zlib

        xapian = self.xapian
        os.environ.setdefault("XAPIAN_FLUSH_THRESHOLD", "50000")
        raw = self.folder + ".raw"
        database = xapian.WritableDatabase(raw, xapian.DB_CREATE_OR_OVERWRITE)
        generator = xapian.TermGenerator()
        generator.set_flags(xapian.TermGenerator.FLAG_CJK_NGRAM)
        count = 0
        self.ids = {}
        for page in all_pages:
            document = xapian.Document()
            generator.set_document(document)
            generator.index_text(page["text"])
            document.add_boolean_term("XC%d" % page["customer"])
            document.add_boolean_term("XK" + page["kind"])
            document.add_boolean_term("XA%d" % page["access"])
            document.add_value(0, xapian.sortable_serialise(page["date"]))
            document.add_value(1, xapian.sortable_serialise(page["place"]))
            document.set_data(zlib.compress(page["text"].encode(), 6))
            count += 1
            self.ids[database.add_document(document)] = page["id"]
        database.close()
        xapian.Database(raw).compact(self.folder, xapian.Compactor.FULLER if hasattr(xapian, "Compactor") else 0)
        shutil.rmtree(raw)
        self.database = xapian.Database(self.folder)
        self.parser = xapian.QueryParser()
        self.parser.set_database(self.database)
        return count

    def word(self, text):
        flags = self.xapian.QueryParser.FLAG_CJK_NGRAM | self.xapian.QueryParser.FLAG_PHRASE
        return self.parser.parse_query('"' + text + '"', flags)

    def query(self, query):
        xapian = self.xapian
        Query = xapian.Query
        parts = [self.word(text) for text in query.get("all") or []]
        if query.get("any"):
            parts.append(Query(Query.OP_OR, [self.word(text) for text in query["any"]]))
        allowed = [Query("XA%d" % access) for access in range(ACCESS + 1)]
        parts.append(Query(Query.OP_OR, allowed))
        for field, wanted in (query.get("filter") or {}).items():
            if field == "kind":
                parts.append(Query("XK" + wanted))
            elif field == "customer":
                parts.append(Query("XC%d" % wanted))
            else:
                slot = 0 if field == "date" else 1
                low, high = (xapian.sortable_serialise(value) for value in wanted)
                parts.append(Query(Query.OP_VALUE_RANGE, slot, low, high))
        whole = Query(Query.OP_AND, parts)
        for text in query.get("not") or []:
            whole = Query(Query.OP_AND_NOT, whole, self.word(text))
        return whole

    def matches(self, query, limit, at_least):
        enquire = self.xapian.Enquire(self.database)
        enquire.set_weighting_scheme(self.xapian.BoolWeight())
        enquire.set_docid_order(self.xapian.Enquire.DESCENDING)
        enquire.set_query(query)
        return enquire.get_mset(0, limit, at_least)

    def search(self, query):
        import zlib

        found = self.matches(self.query(query), SHOWN, CAP)
        return [zlib.decompress(match.document.get_data()).decode() for match in found]

    def everything(self, word):
        found = self.matches(self.word(word), self.database.get_doccount(), 0)
        return [self.ids[match.docid] for match in found]

    def size(self):
        return folder_bytes(self.folder)

    def close(self):
        self.database.close()


ENGINES = {"sqlite": Sqlite, "postgres": Postgres, "groonga": Groonga, "xapian": Xapian}


def main():
    name, folder = sys.argv[1:3]
    engine = ENGINES[name](folder)
    print(json.dumps(measure(engine, folder), ensure_ascii=False))


main()
