#!/usr/bin/env python3
"""The checker must catch what it is there to catch: a sound little archive passes, and each planted fault is named.

usage: test_check_archive.py MIGRATIONS     (the folder with 001_records.sql; its text is all that is taken from the product)
"""
import hashlib, json, os, re, shutil, sqlite3, sys, tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from check_archive import Checker, merkle

FILES = {'a.pdf': b'first scan', 'sub/b.pdf': b'second scan', 'copy.pdf': b'first scan', 'broken.pdf': b''}


def put(db, table, **values):
    """Fills what is not given with the emptiest value that the column allows."""
    for _, name, kind, required, default, key in db.execute(f'PRAGMA table_info({table})'):
        if name not in values and required and not key:
            values[name] = 0 if 'INT' in kind else b'' if kind == 'BLOB' else 0.0 if 'DOUBLE' in kind else ''
    marks = ','.join('?' * len(values))
    return db.execute(f"INSERT INTO {table} ({','.join(values)}) VALUES ({marks})", list(values.values())).lastrowid


def make(folder, migrations):
    source, data = os.path.join(folder, 'source'), os.path.join(folder, 'data')
    os.makedirs(os.path.join(data, 'staging'))
    db = sqlite3.connect(os.path.join(data, 'records.sqlite'))
    text = ''.join(open(os.path.join(migrations, name), encoding='utf-8').read() for name in ('001_records.sql', '022_enclosures.sql'))
    db.executescript(text.replace('{identity}', 'INTEGER PRIMARY KEY').replace('{blob}', 'BLOB').replace('{key}', 'TEXT'))
    customer = put(db, 'customers', id='c', code='KH-1', code_folded='kh1', status='active')
    dossier = put(db, 'dossiers', id='d', customer_uid=customer)
    batch = put(db, 'batches', id='b', state='finished')
    first = {}
    for name, content in FILES.items():
        path, sha = os.path.join(source, name), hashlib.sha256(content).hexdigest()
        os.makedirs(os.path.dirname(path), exist_ok=True)
        open(path, 'wb').write(content)
        ident, outcome = f'doc-{name}', 'filed'
        if not content:
            outcome = 'rejected'
        elif sha in first:
            outcome, ident = 'duplicate', first[sha]
        else:
            first[sha] = ident
            blob = os.path.join(data, 'vault', sha[:2], sha[2:4], sha)
            os.makedirs(os.path.dirname(blob), exist_ok=True)
            open(blob, 'wb').write(content)
            scan = put(db, 'scans', id=f's-{name}', sha256=sha, bytes=len(content))
            document = put(db, 'documents', id=ident, dossier_uid=dossier, state='filed', copy_state='unknown', pages_scanned=1)
            page = put(db, 'pages', document_uid=document, number=1, scan_uid=scan, state='read')
            put(db, 'text_layers', page_uid=page, chosen=1, content=b'text')
        put(db, 'batch_lines', batch_uid=batch, path=path, path_raw=path.encode(), path_digest=name, outcome=outcome, sha256=sha, bytes=len(content),
            reason='empty' if not content else '', document_ids=json.dumps([] if not content else [ident]))
    leaves = []
    for n in range(1, 6):
        fields = ('system', 'document.filed', 'document', f'doc-{n}', 'ok', '')
        body = b'\0' + b'salt' + n.to_bytes(8, 'big') + (7).to_bytes(8, 'big') + b''.join(len(f.encode()).to_bytes(8, 'big') + f.encode() for f in fields)
        leaves.append(hashlib.sha256(body).digest())
        put(db, 'audit_events', sequence=n, at=7, salt=b'salt', leaf=leaves[-1], **dict(zip(('actor', 'action', 'object_kind', 'object_id', 'outcome', 'detail'), fields)))
    db.execute('DELETE FROM audit_head')
    put(db, 'audit_head', one=1, size=5, root=merkle(leaves))
    db.commit()
    return source, data, db


def blob(data, content):
    sha = hashlib.sha256(content).hexdigest()
    return os.path.join(data, 'vault', sha[:2], sha[2:4], sha)


SHA_A = hashlib.sha256(b'first scan').hexdigest()
FAULTS = {
    'nothing': (lambda s, d, db: None, None),
    'a blob is gone': (lambda s, d, db: os.remove(blob(d, b'first scan')), 'the vault lacks'),
    'a blob is damaged': (lambda s, d, db: open(blob(d, b'first scan'), 'wb').write(b'first scam'), 'does not hold the bytes'),
    'a blob is empty': (lambda s, d, db: open(blob(d, b'second scan'), 'wb').close(), 'does not hold the bytes'),
    'a blob without a scan': (lambda s, d, db: open(os.path.join(d, 'vault', hashlib.sha256(b'x').hexdigest()), 'wb').write(b'x'), 'belongs to no scan'),
    'a document twice': (lambda s, d, db: put(db, 'pages', document_uid=put(db, 'documents', id='again', dossier_uid=1, state='filed', copy_state='unknown', pages_scanned=1), number=1, scan_uid=1, state='blank'), 'was filed 2 times'),
    'a document without pages': (lambda s, d, db: put(db, 'documents', id='bare', dossier_uid=1, state='filed', copy_state='unknown'), 'has no page'),
    'a page without text': (lambda s, d, db: db.execute('DELETE FROM text_layers WHERE uid = 1'), 'chosen text layers'),
    'a scan without a document': (lambda s, d, db: db.execute('DELETE FROM text_layers') and db.execute('DELETE FROM pages WHERE uid = 1'), 'has no page in any document'),
    'a line is missing': (lambda s, d, db: db.execute("DELETE FROM batch_lines WHERE path_digest = 'sub/b.pdf'"), 'not in the batch'),
    'an enclosed paper alone': (lambda s, d, db: put(db, 'batch_lines', batch_uid=1, path=os.path.join(s, 'a.pdf', 'in.pdf'), path_raw=os.path.join(s, 'a.pdf', 'in.pdf').encode(), path_digest='in', outcome='filed', sha256=SHA_A, bytes=10, reason='', document_ids=json.dumps(['doc-sub/b.pdf'])), 'is not linked to the file it came in'),
    'a digest is wrong': (lambda s, d, db: db.execute("UPDATE batch_lines SET sha256 = 'f00' WHERE path_digest = 'a.pdf'"), 'its bytes say'),
    'filed but in review': (lambda s, d, db: db.execute("UPDATE documents SET state = 'in_review' WHERE uid = 1"), 'is in_review'),
    'rejected yet there': (lambda s, d, db: db.execute("UPDATE batch_lines SET outcome = 'rejected', reason = 'empty' WHERE path_digest = 'a.pdf'"), 'its scan is in the archive'),
    'an unfinished batch': (lambda s, d, db: db.execute("UPDATE batches SET state = 'running'"), 'never finished'),
    'an edited event': (lambda s, d, db: db.execute("UPDATE audit_events SET actor = 'nobody' WHERE sequence = 3"), 'is not what its leaf says'),
    'a cut-off trail': (lambda s, d, db: db.execute('DELETE FROM audit_events WHERE sequence = 5'), 'the head counts'),
    'a gap in the trail': (lambda s, d, db: db.execute('DELETE FROM audit_events WHERE sequence = 2'), 'stands where'),
    'litter in staging': (lambda s, d, db: open(os.path.join(d, 'staging', 'half'), 'wb').write(b'x'), 'was left behind'),
}


def main():
    failed = 0
    for name, (plant, wanted) in FAULTS.items():
        folder = tempfile.mkdtemp(prefix='dossier-checker-')
        try:
            source, data, db = make(folder, sys.argv[1])
            plant(source, data, db)
            db.commit()
            db.close()
            checker = Checker(data, [source], False)
            checker.check()
            seen = '\n'.join(checker.wrong)
            if (wanted is None and seen) or (wanted is not None and not re.search(re.escape(wanted), seen)):
                failed += 1
                print(f'{name}: wanted {wanted!r}, the checker said: {seen or "nothing"}')
            checker.db.close()
        finally:
            shutil.rmtree(folder)
    print(f'{len(FAULTS) - 1} planted faults, {failed} not seen as they should be')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
