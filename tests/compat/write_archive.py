#!/usr/bin/env python3
"""Writes a small archive with a given version of the program, to be opened by every later one.

usage: write_archive.py PROGRAM SCANS OUT NAME [--database URL]

PROGRAM is the binary of the version to be kept; SCANS the bundled scans (demo/scans); OUT receives NAME.tar.gz (the
data folder without index and cache; on PostgreSQL also dump.sql) and NAME.json (what that version answered). Python
standard library only. On PostgreSQL `pg_dump` must be on the path and URL name an empty database.
"""
import argparse, json, os, pathlib, shutil, socket, subprocess, sys, tarfile, tempfile, time, urllib.error, urllib.request

FILES = ['2024-合同/权利义务转让协议.pdf', '2025-供用电/GYD-2025-0009.pdf', '信函/来函-20250519.png', '信函/停电检修通知.pdf',
         '用电申请/0512007714/用电申请表.tif', '用电申请/待归档-001.tif', '用电申请/待归档-003.jpg', '证照/营业执照-华宸智惠.png',
         '逐页交付/SG-2022-0015_001.jpg', '问题件/加密合同.pdf', '证照/Thumbs.db']
QUERIES = ['合同', '用电', '供电', '户名:成都天穹博远', '类型:supply_contract', '密级:内部', '状态:in_review', '库位:K1-02*', '"高压供用电"', '2025']


def main():
    ap = argparse.ArgumentParser(description='write an archive of one version')
    ap.add_argument('program')
    ap.add_argument('scans')
    ap.add_argument('out')
    ap.add_argument('name')
    ap.add_argument('--database')
    arg = ap.parse_args()
    work = pathlib.Path(tempfile.mkdtemp(prefix='dossier-compat-'))
    data, scans = work / 'data', work / 'scans'
    # A version before `init` makes the folder by itself.
    archive = Program(arg.program, data, arg.database)
    deliver(pathlib.Path(arg.scans), scans)
    demo = pathlib.Path(arg.scans).parent
    archive.run('customers', 'import', str(demo / 'customers.csv'))
    archive.run('locations', 'import', str(demo / 'locations.csv'))
    archive.run('users', 'add', 'wangwei', '--role', 'viewer,archivist')
    archive.run('users', 'add', 'lijing', '--role', 'auditor', '--clearance', '2')
    token = archive.run('users', 'token', 'wangwei', '--label', 'compat', '--scope', 'write').strip()
    archive.run('ingest', str(scans), '--batch', 'compat', ok=(0, 2))
    with Serving(archive, token) as api:
        work_with(api)
    archive.run('reread', *one_page(archive), '--wait', ok=(0, 1, 2))
    answers = ask(archive)
    pack(arg, work, data, answers)
    shutil.rmtree(work)


def deliver(source, target):
    for name in FILES:
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / name, target / name)
    lines = (source / 'manifest.csv').read_text(encoding='utf-8').splitlines()
    kept = [lines[0]] + [line for line in lines[1:] if line.split(',')[0] in FILES]
    (target / 'manifest.csv').write_text('\n'.join(kept) + '\n', encoding='utf-8')


class Program:
    def __init__(self, program, data, database):
        self.words = [program, '--data', str(data)] + (['--database', database] if database else [])

    def run(self, *words, ok=(0,)):
        done = subprocess.run(self.words + list(words), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if done.returncode not in ok:
            sys.exit(f'{" ".join(words)}: exit {done.returncode}\n{done.stdout}\n{done.stderr}')
        return done.stdout

    def json(self, *words, ok=(0,)):
        return json.loads(self.run(*words, '--json', ok=ok))


class Serving:
    """The version's own server, so that people's decisions are made through its API."""

    def __init__(self, archive, token):
        with socket.socket() as s:
            s.bind(('127.0.0.1', 0))
            self.port = s.getsockname()[1]
        self.archive, self.token = archive, token

    def __enter__(self):
        self.process = subprocess.Popen(self.archive.words + ['serve', '--listen', f'127.0.0.1:{self.port}'], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        until = time.monotonic() + 60
        while True:
            try:
                self('GET', '/readyz', api='')
                return self
            except (urllib.error.URLError, ConnectionError) as cause:
                if time.monotonic() > until:
                    sys.exit(f'the server does not answer: {cause}')
                time.sleep(0.1)

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def __call__(self, method, path, body=None, api='/api/v1'):
        request = urllib.request.Request(f'http://127.0.0.1:{self.port}{api}{path}', method=method, data=None if body is None else json.dumps(body).encode(),
                                         headers={'Authorization': f'Bearer {self.token}', 'Content-Type': 'application/json'})
        with urllib.request.urlopen(request) as answer:
            text = answer.read()
        try:
            return json.loads(text)
        except ValueError:
            return text.decode()


def work_with(api):
    """Link one paper, correct one, look at one page, keep a search: rows of each kind that people make."""
    waiting = api('GET', '/review')['items']
    linked = False
    for item in waiting:
        if item.get('candidates') and not linked:
            api('POST', f'/documents/{item["document_id"]}/link', {'version': item['version'], 'customer_code': item['candidates'][0]['customer_code']})
            linked = True
    found = api('GET', '/search?q=%E9%AB%98%E5%8E%8B%E4%BE%9B%E7%94%A8%E7%94%B5')['hits'][0]['document_id']
    shown = api('GET', f'/documents/{found}')
    api('POST', f'/documents/{found}/correct', {'version': shown['version'], 'title': '高压供用电合同（更正）', 'department': '营销部'})
    line = shown['pages'][0]['lines'][0]
    api('POST', f'/documents/{found}/pages/1/correct', {'line': 0, 'former': line['text'], 'text': line['text'] + '（核）'})
    api('POST', '/searches', {'name': '供电合同', 'query': '供电 类型:supply_contract'})
    for item in api('GET', '/reading').get('pages', [])[:1]:
        api('POST', f'/documents/{item["document_id"]}/pages/{item["page"]}/seen', {})


def one_page(archive):
    hits = archive.json('search', '停电检修')['hits']
    return [hits[0]['document_id'], '--page', '1'] if hits else sys.exit('停电检修 is not found')


def ask(archive):
    """What this version answered; a later one must answer the same of the same archive."""
    customers = archive.json('customers', 'list', '--limit', '1000')
    codes = [row['code'] for row in (customers if isinstance(customers, list) else customers['customers'])]
    places = [line.split(',')[0] for line in ('K1', 'K1-01-A-1-01', 'K1-02-B-3-04', 'K1-02-B-3-05', '三楼-A柜-02', 'SAFE-01')]
    searches = {query: archive.json('search', query, '--limit', '100') for query in QUERIES}
    documents = sorted({hit['document_id'] for found in searches.values() for hit in found['hits']})
    batches = archive.json('batches')
    batches = batches if isinstance(batches, list) else batches['batches']
    named = [row.get('id') or row['batch_id'] for row in batches]
    return {
        'customers': {code: archive.json('customers', 'show', code) for code in codes},
        'places': {code: archive.json('locate', code) for code in places},
        'documents': {document: archive.json('show', document) for document in documents},
        'searches': searches,
        'batches': {batch: archive.json('batches', batch) for batch in named},
        'verify': archive.json('verify', '--full'),
        'audit': archive.run('audit', 'verify'),
        'users': archive.run('users', 'list'),
    }


def pack(arg, work, data, answers):
    out = pathlib.Path(arg.out)
    out.mkdir(parents=True, exist_ok=True)
    if arg.database:
        dump = subprocess.run(['pg_dump', '--no-owner', '--no-privileges', '--inserts', arg.database], check=True, stdout=subprocess.PIPE).stdout
        # Settings of the newest server programs that older ones refuse.
        dump = b'\n'.join(line for line in dump.split(b'\n') if not line.startswith((b'\\restrict', b'\\unrestrict', b'SET transaction_timeout')))
        (work / 'data' / 'dump.sql').write_bytes(dump)
    for part in ('index', 'cache'):
        shutil.rmtree(data / part, ignore_errors=True)
    with tarfile.open(out / f'{arg.name}.tar.gz', 'w:gz', compresslevel=9) as tar:
        tar.add(data, 'data')
    (out / f'{arg.name}.json').write_text(json.dumps(answers, ensure_ascii=False, indent=1, sort_keys=True) + '\n', encoding='utf-8')


if __name__ == '__main__':
    main()
