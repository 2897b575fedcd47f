#!/usr/bin/env python3
"""Reads a set of page images with known text through the finished program, a condition at a time, and writes what it read, a file for each image.

usage: score_set.py PROGRAM SET OUT [--score SCORER]... [--turned] [--conditions A,B] [--workers N]

  SET         a folder with page images (and, for scoring, meta.json and NAME.gt.json)
  OUT         is made: IMAGE.txt with a line for each recognised line, report.json with what became of each file
  SCORER      a script that is called as `SCORER SET OUT`, such as score_pages.py beside this one; may be given more than once
  --turned    reads every image also turned by 90, 180 and 270 degrees, as a scanner delivers it that was fed that way
  --conditions reads only images of these conditions of meta.json

Prints how many pages of each condition ask for a look because of ink, and a table with a line for each condition: accuracy, what was inserted, lines lost, fields (where the set has its truth), pages per minute from file to
searchable, and how large the read and the decode worker became. Python standard library only, but for --turned, which needs Pillow. `dossier setup` must
have been run. Speed means something only on a quiet machine with a release build.
"""
import argparse, json, os, shutil, subprocess, sys, tempfile, time
from score_pages import score, totals

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', 'benches'))
from reading import Watch  # noqa: E402

IMAGES = ('.png', '.jpg', '.jpeg', '.tif', '.tiff', '.bmp', '.webp', '.pdf')
ANGLES = (90, 180, 270)


def turned(path, to, angle):
    """The image as it is, lying on its side or on its head: the same pixels, the same kind of file."""
    from PIL import Image
    Image.MAX_IMAGE_PIXELS = None
    with Image.open(path) as im:
        dpi = im.info.get('dpi')
        way = {90: Image.Transpose.ROTATE_270, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_90}[angle]
        out = im.transpose(way)
        how = {'quality': 95} if im.format == 'JPEG' else {'compression': 'group4'} if im.format == 'TIFF' and im.mode == '1' else {}
        if dpi and all(dpi):
            # A fax has other dots across than along; on its side they change places.
            how['dpi'] = dpi if angle == 180 else (dpi[1], dpi[0])
        out.save(to, format=im.format, **how)


def with_turned(source, into):
    """A set with every image of the source and its turned copies, each angle a condition."""
    os.makedirs(into)
    meta = []
    for image in json.load(open(os.path.join(source, 'meta.json'), encoding='utf-8')):
        shutil.copyfile(os.path.join(source, image['page'] + '.gt.json'), os.path.join(into, image['page'] + '.gt.json'))
        shutil.copyfile(os.path.join(source, image['file']), os.path.join(into, image['file']))
        meta.append(image)
        stem, ending = os.path.splitext(image['file'])
        if ending.lower() == '.pdf':
            continue
        for angle in ANGLES:
            name = f'{stem}.by{angle}{ending}'
            turned(os.path.join(source, image['file']), os.path.join(into, name), angle)
            meta.append(dict(image, file=name, cond=f'turned {angle}', was=image['cond']))
    with open(os.path.join(into, 'meta.json'), 'w', encoding='utf-8') as f:
        json.dump(meta, f, ensure_ascii=False)
    return into


class Program:
    """A fresh archive that reads images."""

    def __init__(self, program, work, workers):
        self.program, self.work, self.number = program, work, 0
        self.workers = ['--workers', workers] if workers else []

    def read(self, source, names, out, told):
        """Reads these images; gives pages, seconds and peaks in MiB."""
        self.number += 1
        scans, data = os.path.join(self.work, f'scans{self.number}'), os.path.join(self.work, f'data{self.number}')
        for name in names:
            # A folder for each image: pages whose names differ in a number must not be taken for one document.
            os.makedirs(os.path.join(scans, name.replace('.', '_')))
            shutil.copyfile(os.path.join(source, name), os.path.join(scans, name.replace('.', '_'), name))
        answer = os.path.join(self.work, 'report.json')
        with open(answer, 'w') as f:
            begun = time.monotonic()
            process = subprocess.Popen([self.program, '--data', data, 'ingest', scans, *self.workers, '--json'], stdin=subprocess.DEVNULL, stdout=f)
            watch = Watch(process.pid)
            watch.start()
            code = process.wait()
            seconds = time.monotonic() - begun
            watch.ended.set()
        if code not in (0, 2):
            sys.exit(f'ingest ended with {code}')
        report = json.load(open(answer, encoding='utf-8'))
        for item in report['items']:
            name = os.path.basename(item['path'])
            told[name] = {k: item.get(k) for k in ('outcome', 'reason', 'kind')}
            if not item.get('document_id'):
                print(f"{name}: {item['outcome']} {item['reason']}")
                continue
            shown = subprocess.run([self.program, '--data', data, 'show', item['document_id'], '--json'], stdin=subprocess.DEVNULL, capture_output=True, check=True)
            with open(os.path.join(out, name + '.txt'), 'w', encoding='utf-8') as f:
                for page in json.loads(shown.stdout)['pages']:
                    f.writelines(line['text'] + '\n' for line in page['lines'])
                    told[name].setdefault('asks', []).extend(page['reading'])
        shutil.rmtree(scans, ignore_errors=True)
        shutil.rmtree(data, ignore_errors=True)
        return report['pages'], seconds, watch.peak


def main():
    ap = argparse.ArgumentParser(description='reads a set of page images through the finished program')
    ap.add_argument('program')
    ap.add_argument('set')
    ap.add_argument('out')
    ap.add_argument('--score', action='append', default=[])
    ap.add_argument('--turned', action='store_true')
    ap.add_argument('--conditions')
    ap.add_argument('--workers')
    arg = ap.parse_args()
    work = tempfile.mkdtemp(prefix='dossier-score-')
    try:
        source = with_turned(arg.set, os.path.join(work, 'set')) if arg.turned else arg.set
        meta = os.path.join(source, 'meta.json')
        if os.path.exists(meta):
            images = json.load(open(meta, encoding='utf-8'))
        else:
            images = [{'file': name, 'cond': 'all'} for name in sorted(os.listdir(source)) if name.lower().endswith(IMAGES)]
        wanted = arg.conditions.split(',') if arg.conditions else list(dict.fromkeys(image['cond'] for image in images))
        os.makedirs(arg.out, exist_ok=True)
        program, told, speed = Program(arg.program, work, arg.workers), {}, {}
        for cond in wanted:
            speed[cond] = program.read(source, [image['file'] for image in images if image['cond'] == cond], arg.out, told)
        with open(os.path.join(arg.out, 'report.json'), 'w', encoding='utf-8') as f:
            json.dump(told, f, ensure_ascii=False, indent=0)
        rows = score(source, arg.out)[0] if os.path.exists(meta) else []
        table(rows, speed)
        for cond in wanted:
            names = [image['file'] for image in images if image['cond'] == cond]
            asking = [name for name in names if {'ink_without_text', 'handwriting'} & set(told.get(name, {}).get('asks', []))]
            print(f'{cond}: {len(asking)} of {len(names)} pages are marked as ink without text or handwriting')
        for scorer in arg.score:
            subprocess.run([sys.executable, scorer, source, arg.out], check=True)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def table(rows, speed):
    """In Markdown, as it stands in docs/benchmarks.md."""
    print('| Condition | Pages | CER % | Inserted % | Lines lost | Order % | Fields | Pages/min | Read worker MiB | Decode worker MiB |\n|---|---|---|---|---|---|---|---|---|---|')

    def line(name, some, pages, seconds, peak):
        t = totals(some)
        values = f"{t['cer']:.3f} | {t['inserted']:.3f} | {t['lines']} | {t['order']:.2f} | {t['fields']}/{t['of']}" if some else '| | | |'
        print(f"| {name} | {pages} | {values} | {pages / max(seconds, .001) * 60:.1f} | {peak.get('read', 0):.0f} | {peak.get('decode', 0):.0f} |")

    for cond, (pages, seconds, peak) in speed.items():
        line(cond, [r for r in rows if r['cond'] == cond], pages, seconds, peak)
    if len(speed) > 1:
        peaks = {kind: max(p.get(kind, 0) for _, _, p in speed.values()) for kind in ('read', 'decode')}
        line('all', rows, sum(p for p, _, _ in speed.values()), sum(s for _, s, _ in speed.values()), peaks)


if __name__ == '__main__':
    main()
