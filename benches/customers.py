#!/usr/bin/env python3
"""How long the record takes for customers by any part of a name (synthetic), on SQLite and PostgreSQL.

    python3 benches/customers.py [--customers 133000 1000000] [--postgres CONNECTION]

Without --postgres only SQLite is measured; CONNECTION is what psql takes after -d, of an empty database. The schema is
that of records/src/migrations, the statement that of records/src/customers/sql/find.rs, both read from there. Each
look-up asks for the first 50 customers in order of code, 40 times with other names (`--times`); the table shows the median and the
worst: of the record alone, and of the record after full text has said who comes into question, as the API asks it (up to
500 customers are named, of more the first in order of code are looked for), and how long it takes to count all that fit.
"""
import argparse, json, random, sqlite3, statistics, subprocess, tempfile, time

from history import SIGHT, constant, schema, statements

FIND = "records/src/customers/sql/find.rs"
PLACES = "江 海 云 岭 新 区 城 北 南 东 西 山 河 平 安 和 华 宸 恒 远 锦 程 瑞 丰 泰 宁 金 鼎 盛 源 长 青 天 水 清 泉 明 德 立 信".split()
TRADES = ["供电服务", "物业管理", "水务", "建筑工程", "纺织", "机械制造", "食品", "电子科技", "医药", "物流", "置业", "农业开发"]
TIMES = 40
FORMS = ["有限公司", "股份有限公司", "集团有限公司", "厂", "经营部", "合作社"]
FAMILIES = list("王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹")
GIVEN = list("伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉萍红文建国志宏飞宇欣怡子轩浩然")


def names(count):
    chance = random.Random(5)
    for _ in range(count):
        if chance.random() < 0.3:
            yield "".join(chance.choices(PLACES, k=chance.randint(2, 4))) + chance.choice(TRADES) + chance.choice(FORMS), "organisation"
        else:
            yield chance.choice(FAMILIES) + "".join(chance.choices(GIVEN, k=2)), "person"


def rows(count):
    for uid, (name, kind) in enumerate(names(count), 1):
        code = f"{uid:010}"
        yield uid, f"00000000-0000-7000-8000-{uid:012x}", code, code, name, name, kind, "active", "", "", "", "{}", 1, 1, 1


COLUMNS = "uid, id, code, code_folded, name, name_folded, kind, status, grade, region, address, attributes, created_at, changed_at, version"


def aliases(count):
    for uid in range(1, count + 1):
        number = f"{5_000_000_000 + uid}"
        yield uid, uid, "account_no", number, number


def looks(count):
    """What people type: two letters of a name, a whole given name, a rare and a common piece, what nobody is called."""
    chance = random.Random(13)
    some = [name for name, _ in names(min(count, 5_000))]

    def piece(letters):
        name = chance.choice([name for name in some if len(name) >= letters])
        at = chance.randrange(len(name) - letters + 1)
        return name[at:at + letters]

    return {"one letter": lambda: piece(1), "two letters": lambda: piece(2), "three letters": lambda: piece(3),
            "six letters": lambda: piece(6), "a common ending": lambda: "有限公司", "nobody": lambda: "饕餮齉",
            "middle of a code": lambda: f"{chance.randrange(1000, 9999)}"}


def filled(text, values, quote):
    for value in values:
        text = text.replace("?", quote(value), 1)
    return text


def quoted(value):
    return str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"


def statement(filter_name, typed, end):
    condition = filled(constant(filter_name, FIND), values(typed), quoted)
    documents = ("SELECT CAST(count(*) AS BIGINT) FROM documents d JOIN dossiers o ON o.uid = d.dossier_uid "
                 f"WHERE {SIGHT} AND o.customer_uid = c.uid")
    return (f"SELECT {constant('ROW', FIND)}, ({documents}) AS documents {constant('OF_ROW', FIND)} "
            f"WHERE {condition} AND c.code_folded > '' {end}")


def values(typed):
    pattern = f"%{typed}%"
    return ["", "", typed, typed, typed + "\U0010ffff", pattern, pattern, typed, typed, typed]


AMONG_MAX = 500


def measure(name, run, count):
    print(f"\n{name}\n{'typed':20} {'median ms':>10} {'worst ms':>10} {'after full text':>15} {'worst':>8} {'count':>8} {'worst':>8}")
    named = [(uid, name, f"{uid:010} {5_000_000_000 + uid}") for uid, (name, _) in enumerate(names(count), 1)]
    for look, typed in looks(count).items():
        alone, among, counted = [], [], []
        for _ in range(TIMES):
            text = typed()
            alone.append(run(statement("FILTER", text, "ORDER BY c.code_folded LIMIT 50")))
            counted.append(run(f"SELECT count(*) FROM customers c WHERE {filled(constant('FILTER', FIND), values(text), quoted)}"))
            uids = [str(uid) for uid, name, codes in named if text in name or text in codes]
            many = "ORDER BY c.code_folded LIMIT 50"
            if uids:
                end = f"AND c.uid IN ({', '.join(uids)})" if len(uids) <= AMONG_MAX else many
                among.append(run(statement("FILTER_OF_EACH", text, end)))
        few = f"{statistics.median(among):15.2f} {max(among):8.2f}" if among else ' ' * 24
        few += f" {statistics.median(counted):8.2f} {max(counted):8.2f}"
        print(f"{look:20} {statistics.median(alone):10.2f} {max(alone):10.2f} {few}", flush=True)


def sqlite(count):
    with tempfile.TemporaryDirectory() as folder:
        base = sqlite3.connect(f"{folder}/customers.sqlite")
        base.executescript("PRAGMA journal_mode = WAL; PRAGMA cache_size = -8192;")
        for statement in statements(schema("sqlite")):
            base.execute(statement)
        base.executemany(f"INSERT INTO customers ({COLUMNS}) VALUES ({', '.join('?' * 15)})", rows(count))
        base.executemany("INSERT INTO customer_aliases (uid, customer_uid, kind, value, value_folded) VALUES (?, ?, ?, ?, ?)",
                         aliases(count))
        base.commit()

        def run(text):
            begun = time.perf_counter()
            base.execute(text).fetchall()
            return (time.perf_counter() - begun) * 1000

        measure(f"SQLite {sqlite3.sqlite_version}, {count:,} customers", run, count)


def postgres(count, connection):
    def psql(text, *options):
        return subprocess.run(["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", connection, *options], input=text, text=True,
                              capture_output=True, check=True).stdout

    def copied(row):
        return "\t".join(map(str, row))

    psql("DROP SCHEMA public CASCADE; CREATE SCHEMA public;")
    psql(schema("postgres"))
    psql(f"COPY customers ({COLUMNS}) FROM STDIN;\n" + "\n".join(map(copied, rows(count))) + "\n\\.\n")
    psql("COPY customer_aliases (uid, customer_uid, kind, value, value_folded) FROM STDIN;\n"
         + "\n".join(map(copied, aliases(count))) + "\n\\.\nANALYZE;\n")

    def run(text):
        told = json.loads(psql(f"EXPLAIN (ANALYZE, FORMAT JSON) {text};", "-tA"))[0]
        return told["Planning Time"] + told["Execution Time"]

    measure(f"{psql('SHOW server_version', '-tA').strip()} PostgreSQL, {count:,} customers (planning and execution)", run, count)


if __name__ == "__main__":
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--customers", type=int, nargs="+", default=[133_000, 1_000_000])
    words.add_argument("--times", type=int, default=TIMES)
    words.add_argument("--postgres", help="an empty database, as psql takes it after -d")
    told = words.parse_args()
    TIMES = told.times
    for count in told.customers:
        sqlite(count)
        if told.postgres:
            postgres(count, told.postgres)
