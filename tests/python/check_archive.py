#!/usr/bin/env python3
"""The independent checker: shares no code with the product and trusts nothing it says.

usage: check_archive.py DATA SOURCE... [--report FILE] [--expected FILE] [--unfinished]

From the SQLite database, the vault folder and the source folders alone it finds out whether every source file is in the
archive exactly once, every digest is right, every page hangs together, and the audit trail is whole. It prints each
violation on a line of its own and exits 1 when there is one.

--report FILE    writes a canonical account (paths, outcomes, reasons, digests, pages, text, customers, places), free of
                 ids and times, so that the account of an interrupted and resumed run can be compared byte for byte with
                 that of an uninterrupted one
--expected FILE  compares outcomes with what the sample archive's expected.json demands
--unfinished     the last batch may be unfinished: sources may still be missing, nothing else may be wrong

Python standard library only.
"""
import argparse, hashlib, json, os, sqlite3, stat, sys

LITTER = {'thumbs.db', '.ds_store', 'desktop.ini'}
MANIFESTS = {'manifest.csv', 'manifest.xlsx'}
TAKEN = ('filed', 'needs_review')


class Checker:
    def __init__(self, data, sources, unfinished):
        self.data, self.sources, self.unfinished = data, [os.path.abspath(s) for s in sources], unfinished
        self.wrong = []
        self.db = sqlite3.connect(f"file:{os.path.join(data, 'records.sqlite')}?mode=ro", uri=True)
        self.db.row_factory = sqlite3.Row

    def say(self, text):
        self.wrong.append(text)

    def rows(self, sql, *values):
        return self.db.execute(sql, values).fetchall()

    # What lies in the source folders.
    def walk(self):
        found = {}
        for root in self.sources:
            for folder, names, files in os.walk(root):
                names.sort()
                for name in files:
                    full = os.path.join(folder, name)
                    if name.lower() in LITTER | MANIFESTS or not stat.S_ISREG(os.lstat(full).st_mode):
                        continue
                    found[os.path.relpath(full, root).replace(os.sep, '/')] = digest(full)
        return found

    # What lies in the vault: a file's name must be the digest of its bytes.
    def vault(self):
        blobs = {}
        for folder, _, files in os.walk(os.path.join(self.data, 'vault')):
            for name in files:
                stem = name.split('.')[0]
                if len(stem) == 64 and all(c in '0123456789abcdef' for c in stem):
                    full = os.path.join(folder, name)
                    if digest(full) != stem:
                        self.say(f'vault: {name} does not hold the bytes it is named after')
                    if stem in blobs:
                        self.say(f'vault: {stem} lies there twice')
                    blobs[stem] = os.path.getsize(full)
        return blobs

    def relative(self, path):
        """Batch lines may name a file absolutely, from the working folder or from the root: all are brought to the root."""
        path = path.replace('\\', '/')
        if path in self.found:
            return path
        for root in self.sources:
            if os.path.isabs(path) and path.startswith(root + '/'):
                return path[len(root) + 1:]
            head = os.path.basename(root) + '/'
            at = path.find('/' + head)
            if path.startswith(head):
                return path[len(head):]
            if at >= 0:
                return path[at + len(head) + 1:]
        return path

    def check(self):
        self.found, self.blobs = self.walk(), self.vault()
        if self.rows('PRAGMA quick_check')[0][0] != 'ok':
            self.say('sqlite: quick_check fails')
        if self.rows('PRAGMA foreign_key_check'):
            self.say('sqlite: foreign keys point at nothing')
        self.check_scans()
        self.check_documents()
        self.check_lines()
        self.check_trail()
        self.check_leftovers()

    def check_scans(self):
        self.scans = {}
        for r in self.rows('SELECT uid, sha256, bytes FROM scans'):
            if r['sha256'] in self.scans:
                self.say(f"scans: {r['sha256']} is recorded twice")
            self.scans[r['sha256']] = r['uid']
            if r['sha256'] not in self.blobs:
                self.say(f"scans: the vault lacks {r['sha256']}")
            elif self.blobs[r['sha256']] != r['bytes']:
                self.say(f"scans: {r['sha256']} has {self.blobs[r['sha256']]} bytes in the vault and {r['bytes']} in the record")
        for sha in self.blobs:
            # A file that reached the vault just before the power went has no row yet: the next run finds it again.
            if sha not in self.scans and not self.unfinished:
                self.say(f'vault: {sha} belongs to no scan')
        for r in self.rows('SELECT s.sha256 FROM scans s LEFT JOIN pages p ON p.scan_uid = s.uid WHERE p.uid IS NULL'):
            self.say(f"scans: {r['sha256']} has no page in any document")

    def check_documents(self):
        self.pages = {}
        for r in self.rows('''SELECT d.uid, d.id, d.state, d.pages_scanned, d.review_reason, d.dossier_uid, p.number, p.state AS page_state, p.scan_index, s.sha256,
                                     (SELECT COUNT(*) FROM text_layers t WHERE t.page_uid = p.uid AND t.chosen = 1) AS layers
                              FROM documents d LEFT JOIN pages p ON p.document_uid = d.uid LEFT JOIN scans s ON s.uid = p.scan_uid ORDER BY d.uid, p.number'''):
            doc = self.pages.setdefault(r['id'], dict(state=r['state'], reason=r['review_reason'], declared=r['pages_scanned'], pages=[]))
            if r['number'] is None:
                self.say(f"documents: {r['id']} has no page")
                continue
            doc['pages'].append((r['number'], r['sha256'], r['scan_index'], r['page_state'], r['layers']))
            if r['page_state'] == 'read' and r['layers'] != 1:
                self.say(f"documents: page {r['number']} of {r['id']} is read and has {r['layers']} chosen text layers")
            if r['state'] == 'filed' and r['dossier_uid'] is None:
                self.say(f"documents: {r['id']} is filed in no dossier")
        held = {}
        for ident, doc in self.pages.items():
            if [p[0] for p in doc['pages']] != list(range(1, len(doc['pages']) + 1)):
                self.say(f"documents: the pages of {ident} are numbered {[p[0] for p in doc['pages']]}")
            if doc['declared'] != len(doc['pages']):
                self.say(f"documents: {ident} says {doc['declared']} pages and has {len(doc['pages'])}")
            for _, sha, index, _, _ in doc['pages']:
                held.setdefault((sha, index), []).append(ident)
        for (sha, index), idents in held.items():
            if len(idents) > 1:
                self.say(f'documents: page {index} of scan {sha} was filed {len(idents)} times')
        self.of_scan = {}
        for (sha, _), idents in held.items():
            self.of_scan.setdefault(sha, set()).update(idents)
        for r in self.rows('SELECT document_uid FROM originals GROUP BY document_uid HAVING COUNT(*) > 1'):
            self.say(f"originals: document {r['document_uid']} has more than one")

    def check_lines(self):
        batches = self.rows('SELECT uid, id, state FROM batches ORDER BY uid')
        self.lines = {}
        if not batches:
            # A run that was killed before its first batch began has lost nothing.
            if not self.unfinished:
                self.say('batches: there is none')
            return
        for b in batches:
            lines = {}
            for r in self.rows('SELECT * FROM batch_lines WHERE batch_uid = ? ORDER BY uid', b['uid']):
                path = self.relative(os.fsdecode(bytes(r['path_raw'])))
                if path in lines:
                    self.say(f"batch {b['id']}: {path} has two lines")
                lines[path] = r
            self.lines[b['uid']] = lines
            if b['state'] == 'running' and not (self.unfinished and b['uid'] == batches[-1]['uid']):
                self.say(f"batch {b['id']}: never finished")
        for b in batches:
            lines = self.lines[b['uid']]
            finished = b['state'] != 'running'
            for path, sha in self.found.items():
                line = lines.get(path)
                if line is None:
                    if finished:
                        self.say(f"batch {b['id']}: {path} is in the folder and not in the batch")
                    continue
                if not line['outcome']:
                    self.say(f"batch {b['id']}: {path} has no outcome")
                self.check_line(b['id'], path, sha, line)
            for path, line in lines.items():
                if path in self.found or line['outcome'] == 'ignored':
                    continue
                outer = [path[:n] for n, c in enumerate(path) if c == '/' and path[:n] in self.found]
                if not outer:
                    self.say(f"batch {b['id']}: {path} is in the batch and not in the folder")
                elif lines.get(outer[0]) is None:
                    self.say(f"batch {b['id']}: {path} is in the batch and its file is not")
                else:
                    # What was inside a file has no bytes to compare with; everything else must fit.
                    self.check_line(b['id'], path, line['sha256'], line)
            self.check_enclosed(b['id'], lines)

    def check_enclosed(self, batch, lines):
        """A document that came inside a file is linked to the documents of that file."""
        came_in = {}
        for r in self.rows('SELECT i.id, o.id AS outer FROM enclosures e JOIN documents i ON i.uid = e.document_uid JOIN documents o ON o.uid = e.came_in_uid'):
            came_in.setdefault(r['id'], set()).add(r['outer'])
        for path, line in lines.items():
            outer = lines.get(os.path.dirname(path))
            if path in self.found or outer is None or line['outcome'] not in TAKEN:
                continue
            for ident in ids(line['document_ids']):
                if not came_in.get(ident, set()) & set(ids(outer['document_ids'])):
                    self.say(f'batch {batch}: {path} is not linked to the file it came in')

    def check_line(self, batch, path, sha, line):
        if line['sha256'] != sha:
            self.say(f"batch {batch}: {path} has digest {line['sha256'] or '(none)'}, its bytes say {sha}")
        idents = ids(line['document_ids'])
        if line['outcome'] in TAKEN:
            if not self.of_scan.get(sha):
                self.say(f'batch {batch}: {path} counts as {line["outcome"]} and no document holds it')
            elif set(idents) != self.of_scan[sha]:
                self.say(f'batch {batch}: {path} names documents {idents}, its scan is in {sorted(self.of_scan[sha])}')
            for ident in idents:
                state = self.pages.get(ident, {}).get('state')
                if line['outcome'] == 'filed' and state != 'filed' or line['outcome'] == 'needs_review' and state not in ('in_review', 'filed'):
                    self.say(f'batch {batch}: {path} counts as {line["outcome"]}, its document {ident} is {state}')
        elif line['outcome'] == 'duplicate' and sha not in self.scans:
            self.say(f'batch {batch}: {path} counts as a duplicate of something that is not there')
        elif line['outcome'] == 'rejected':
            if not line['reason']:
                self.say(f'batch {batch}: {path} was rejected without a reason')
            if sha in self.scans:
                self.say(f'batch {batch}: {path} was rejected and its scan is in the archive')

    def check_trail(self):
        leaves = []
        for n, r in enumerate(self.rows('SELECT * FROM audit_events ORDER BY sequence')):
            if n == 0:
                first = r['sequence']
            if r['sequence'] != first + n:
                self.say(f"audit: sequence {r['sequence']} stands where {first + n} belongs")
                break
            h = hashlib.sha256(b'\0' + r['salt'] + r['sequence'].to_bytes(8, 'big') + r['at'].to_bytes(8, 'big', signed=True))
            for field in ('actor', 'action', 'object_kind', 'object_id', 'outcome', 'detail'):
                text = r[field].encode()
                h.update(len(text).to_bytes(8, 'big') + text)
            if h.digest() != r['leaf']:
                self.say(f"audit: event {r['sequence']} is not what its leaf says")
            leaves.append(r['leaf'])
        heads = self.rows('SELECT size, root FROM audit_head')
        if len(heads) != 1 or heads[0]['size'] != len(leaves):
            self.say(f"audit: the head counts {[h['size'] for h in heads]}, the trail has {len(leaves)} events")
        elif heads[0]['root'] != merkle(leaves):
            self.say('audit: the root in the head is not the root of the trail')

    def check_leftovers(self):
        if self.unfinished:
            return
        staged = [os.path.join(f, n) for f, _, names in os.walk(os.path.join(self.data, 'staging')) for n in names if n.lower() not in ('lock', '.lock')]
        for path in staged:
            self.say(f'staging: {os.path.relpath(path, self.data)} was left behind')
        for r in self.rows("SELECT id, kind FROM jobs WHERE state = 'leased'"):
            self.say(f"jobs: {r['kind']} {r['id']} is still leased")

    def report(self):
        """The account of the first finished batch, in the order of its paths."""
        out = []
        batches = self.rows("SELECT uid FROM batches WHERE state <> 'running' ORDER BY uid LIMIT 1")
        lines = self.lines[batches[0]['uid']] if batches else {}
        for path in sorted(lines):
            r = lines[path]
            out.append(dict(path=path, outcome=r['outcome'], reason=r['reason'], sha256=r['sha256'], customer=r['customer_code'], location=r['location_code'],
                            pages=r['pages'], documents=[self.account(i) for i in ids(r['document_ids'])] if r['outcome'] in TAKEN else []))
        return out

    def account(self, ident):
        d = self.rows('''SELECT d.*, c.code AS customer, o.state AS original, o.uid AS original_uid FROM documents d LEFT JOIN dossiers s ON s.uid = d.dossier_uid
                         LEFT JOIN customers c ON c.uid = s.customer_uid LEFT JOIN originals o ON o.document_uid = d.uid WHERE d.id = ?''', ident)[0]
        place = self.rows('''SELECT l.code FROM placements p JOIN locations l ON l.uid = p.place_uid WHERE p.place_kind = 'location' AND p.thing_kind = 'original'
                             AND p.until_at IS NULL AND p.thing_uid = ?''', d['original_uid']) if d['original_uid'] else []
        texts = self.rows('''SELECT p.number, p.state, p.turn, p.width, p.height, t.engine, t.engine_version, t.characters, t.content FROM pages p
                             LEFT JOIN text_layers t ON t.page_uid = p.uid AND t.chosen = 1 WHERE p.document_uid = ? ORDER BY p.number''', d['uid'])
        facts = self.rows('SELECT page_number, kind, value, x, y, w, h, char_start, char_end, rule FROM facts WHERE document_uid = ?', d['uid'])
        proposed = self.rows('SELECT c.code, p.basis FROM proposals p JOIN customers c ON c.uid = p.customer_uid WHERE p.document_uid = ?', d['uid'])
        return dict(state=d['state'], reason=d['review_reason'], basis=d['link_basis'], customer=d['customer'], kind=d['kind'], title=d['title'], number=d['number'], date=d['date_text'],
                    security_level=d['security_level'], original=d['original'], place=[p['code'] for p in place],
                    scans=[(p[1], p[2]) for p in self.pages[ident]['pages']], facts=sorted(tuple(f) for f in facts), proposed=sorted(tuple(p) for p in proposed),
                    pages=[(t['number'], t['state'], t['turn'], t['width'], t['height'], t['engine'], t['engine_version'], t['characters'], hashlib.sha256(t['content'] or b'').hexdigest()) for t in texts])

    def compare(self, expected):
        lines = self.report()
        by_path = {r['path']: r for r in lines}
        for f in expected['files']:
            r = by_path.get(f['path'])
            if r is None:
                self.say(f"expected: {f['path']} has no line")
                continue
            if r['outcome'] != f['outcome']:
                self.say(f"expected: {f['path']} should be {f['outcome']} and is {r['outcome']} ({r['reason']})")
            elif f['reason'] and r['reason'] not in f['reason']:
                self.say(f"expected: {f['path']} should say {' or '.join(f['reason'])} and says {r['reason'] or 'nothing'}")
            if f['outcome'] == 'filed' and r['customer'] != f['customer_code']:
                self.say(f"expected: {f['path']} belongs to {f['customer_code']} and was filed under {r['customer'] or 'nobody'}")


def ids(text):
    """Document ids of a batch line: a JSON list or a list parted by blanks, commas or semicolons."""
    text = text.strip()
    if text.startswith('['):
        return json.loads(text)
    return [t for t in text.replace(',', ' ').replace(';', ' ').split() if t]


def digest(path):
    h = hashlib.sha256()
    with open(path, 'rb') as f:
        for block in iter(lambda: f.read(1 << 20), b''):
            h.update(block)
    return h.hexdigest()


def merkle(leaves):
    """RFC 9162, section 2.1.1, over hashes of leaves."""
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b'\1' + merkle(leaves[:k]) + merkle(leaves[k:])).digest()


def main():
    ap = argparse.ArgumentParser(description='checks an archive from its database and its folders alone')
    ap.add_argument('data')
    ap.add_argument('sources', nargs='+')
    ap.add_argument('--report')
    ap.add_argument('--expected')
    ap.add_argument('--unfinished', action='store_true')
    arg = ap.parse_args()
    c = Checker(arg.data, arg.sources, arg.unfinished)
    c.check()
    if arg.expected and not arg.unfinished:
        c.compare(json.load(open(arg.expected, encoding='utf-8')))
    if arg.report:
        with open(arg.report, 'w', encoding='utf-8') as f:
            json.dump(c.report(), f, ensure_ascii=False, indent=1)
    for w in c.wrong:
        print(w)
    print(f'{len(c.found)} sources, {len(c.scans)} scans, {len(c.pages)} documents, {len(c.wrong)} violations')
    return 1 if c.wrong else 0


if __name__ == '__main__':
    sys.exit(main())
