#!/usr/bin/env python3
"""kill -9 at random moments: nothing may be lost, doubled or half-filed.

usage: kill_rounds.py PROGRAM [--rounds N] [--kills N] [--files N] [--seed N]

Each round makes a fresh archive, starts an ingest of small born-digital PDFs, some with others inside, and kills it at a random moment, several
times; after each kill and after the last, uninterrupted run the independent checker (check_archive.py) looks at the
database and the folders alone. Prints a line for each violation and a closing line with the bound that zero failures
out of n allow (3/n). Python standard library only; `dossier setup` must have been run.
"""
import argparse, json, os, random, shutil, subprocess, sys, tempfile, time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from check_archive import Checker


def pdf(lines, inside=()):
    """The smallest PDF with a text layer: one page, Helvetica; with other files inside, by name."""
    text = 'BT /F 12 Tf 72 760 Td 18 TL ' + ' '.join(f'({line}) Tj T*' for line in lines) + ' ET'
    objects = ['<</Type/Catalog/Pages 2 0 R>>', '<</Type/Pages/Kids[3 0 R]/Count 1>>',
               '<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>',
               f'<</Length {len(text)}>>stream\n{text}\nendstream', '<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>']
    objects = [body.encode() for body in objects]
    names = b''
    for name, data in inside:
        names += b'(%s) %d 0 R ' % (name.encode(), len(objects) + 1)
        objects += [b'<</Type/Filespec/F(%s)/EF<</F %d 0 R>>>>' % (name.encode(), len(objects) + 2),
                    b'<</Type/EmbeddedFile/Length %d>>stream\n' % len(data) + data + b'\nendstream']
    objects[0] = objects[0].replace(b'>>', b'/Names<</EmbeddedFiles<</Names[%s]>>>>>>' % names) if inside else objects[0]
    out, places = b'%PDF-1.4\n', []
    for n, body in enumerate(objects, 1):
        places.append(len(out))
        out += b'%d 0 obj\n' % n + body + b'\nendobj\n'
    start = len(out)
    out += f'xref\n0 {len(objects) + 1}\n0000000000 65535 f \n'.encode() + b''.join(f'{p:010d} 00000 n \n'.encode() for p in places)
    return out + f'trailer<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n'.encode()


def make_source(folder, files, rng):
    os.makedirs(folder)
    for n in range(files):
        code = f'KH-{n % 5 + 1:04d}'
        lines = [f'Service contract number {n:05d}', f'Customer code: {code}', f'The parties agree on delivery within {rng.randint(3, 90)} working days.',
                 f'The total amount of this contract is {rng.randint(1000, 999999)} yuan, tax included.', f'Reference {rng.getrandbits(64):016x}']
        # Every third holds two papers of its own, one of which holds another, and one that all of them hold.
        paper = lambda what, inside=(): pdf([f'{what} {n:05d} {rng.getrandbits(64):016x}', f'Customer code: {code}'], inside)
        inside = [('annex.pdf', paper('annex', [('plan.pdf', paper('plan'))])), ('terms.pdf', pdf(['The general terms']))] if n % 3 == 0 else []
        with open(os.path.join(folder, f'contract-{n:05d}.pdf'), 'wb') as f:
            f.write(pdf(lines, inside))
    shutil.copyfile(os.path.join(folder, 'contract-00000.pdf'), os.path.join(folder, 'zz-copy.pdf'))
    with open(os.path.join(folder, 'zz-empty.pdf'), 'wb'):
        pass


def run(program, data, *words):
    return subprocess.run([program, '--data', data, *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def main():
    ap = argparse.ArgumentParser(description='kill -9 at random moments, then check')
    ap.add_argument('program')
    ap.add_argument('--rounds', type=int, default=10)
    ap.add_argument('--kills', type=int, default=3)
    ap.add_argument('--files', type=int, default=40)
    ap.add_argument('--seed', type=int, default=1)
    arg = ap.parse_args()
    rng = random.Random(arg.seed)
    work = tempfile.mkdtemp(prefix='dossier-kill-')
    wrong, kills, late, span = [], 0, 0, 0.0
    try:
        source, table = os.path.join(work, 'source'), os.path.join(work, 'customers.csv')
        make_source(source, arg.files, rng)
        with open(table, 'w', encoding='utf-8') as f:
            f.write('code,name,kind\n' + ''.join(f'KH-{n:04d},Customer {n},organisation\n' for n in range(1, 6)))
        whole = None
        for number in range(-1, arg.rounds):      # round -1 is not interrupted: its account is the standard, its time the span
            data = os.path.join(work, f'data{number}')
            made = run(arg.program, data, 'customers', 'import', table)
            if made.returncode != 0:
                sys.exit(f'customers import failed: {made.stderr}')
            left = span if number >= 0 else 0.0      # of this round: what a killed ingest has done is done
            for _ in range(arg.kills if number >= 0 else 0):
                begun = time.monotonic()
                process = subprocess.Popen([arg.program, '--data', data, 'ingest', source, '--json'], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                try:
                    process.wait(timeout=rng.uniform(0.02, max(left, 0.1)))
                    late += 1
                    if left == span:
                        # The first ingest of all is slower than the others.
                        span = max(0.1, time.monotonic() - begun)
                    break
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
                    kills += 1
                    left -= time.monotonic() - begun
                wrong += look(data, source, number, unfinished=True)[0]
            begun = time.monotonic()
            last = run(arg.program, data, 'ingest', source, '--json')
            span = max(0.2, time.monotonic() - begun) if number < 0 else span
            if last.returncode != 2:
                wrong.append(f'round {number}: the last run ended with {last.returncode}: {last.stderr.strip()[-300:]}')
            found, account = look(data, source, number, unfinished=False)
            wrong += found
            whole = whole or account
            if account != whole:
                wrong.append(f'round {number}: the account differs from that of an uninterrupted run')
            shutil.rmtree(data, ignore_errors=True)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    for w in wrong:
        print(w)
    bound = f', so fewer than {3 / kills:.2%} at 95 %' if kills and not wrong else ''
    print(f'{kills} kills in {arg.rounds} rounds ({late} came after the end), {arg.files + 2} files each: {len(wrong)} violations{bound}')
    return 1 if wrong or not kills else 0


def look(data, source, number, unfinished):
    if not os.path.exists(os.path.join(data, 'records.sqlite')):
        return [], None
    checker = Checker(data, [source], unfinished)
    checker.check()
    account = None if unfinished else json.dumps(checker.report(), ensure_ascii=False)
    checker.db.close()
    return [f'round {number}: {w}' for w in checker.wrong], account


if __name__ == '__main__':
    sys.exit(main())
