#!/usr/bin/env python3
"""How fast scans become searchable, and what that takes: prints a table in Markdown for each section.

usage: reading.py PROGRAM [--quick] [--only SECTION]... [--pages DIR] [--venv DIR] [--work DIR]

  scans     `dossier ingest` on page images, from the start of the program to the page being searchable, with 1, 2, ... workers
  engines   the same with each runtime of the networks, two rounds in turns; numbers that the processor has not are read with 32 bits
  ocrmypdf  OCRmyPDF on the same pages, as many processes at once as there are cores, one thread each
  rapidocr  RapidOCR's own pipeline with the same models on the same pages, likewise
  digital   born-digital PDFs: many pages each, and one page each
  small     20,000 one-page files of a few lines: what a file costs besides reading

PROGRAM is a release build; `dossier setup` must have been run. DIR of --pages holds page images (default: the bundled
scans); nothing in it is changed. --quick is for trying the bench, its figures mean little. RapidOCR is installed into a
virtual environment of its own unless --venv names one that has it. Everything made is synthetic and is removed at the
end. Python standard library only.
"""
import argparse, json, os, platform, random, shutil, subprocess, sys, tempfile, threading, time, venv

IMAGES = ('.png', '.jpg', '.jpeg', '.tif', '.tiff', '.bmp', '.webp')
WORDS = 'supply contract party delivery amount payment warranty seal schedule receipt notice meter account branch clause annex'.split()
SECTIONS = ('scans', 'engines', 'ocrmypdf', 'rapidocr', 'digital', 'small')
RAPIDOCR = ('rapidocr==3.10.0', 'onnxruntime==1.31.1')
READ_WITH_RAPIDOCR = '''
import sys
from rapidocr import RapidOCR
engine = RapidOCR(params={"EngineConfig.onnxruntime.intra_op_num_threads": 1, "EngineConfig.onnxruntime.inter_op_num_threads": 1})
for path in sys.argv[1:]:
    read = engine(path)
    print(path, len(read.txts or ()))
'''


def pdf(pages):
    """The smallest PDF with a text layer: Helvetica, one content stream for each page."""
    objects = ['<</Type/Catalog/Pages 2 0 R>>', '', '<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>']
    kids = []
    for lines in pages:
        text = 'BT /F 10 Tf 60 790 Td 15 TL ' + ' '.join(f'({line}) Tj T*' for line in lines) + ' ET'
        objects.append(f'<</Length {len(text)}>>stream\n{text}\nendstream')
        objects.append(f'<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {len(objects)} 0 R/Resources<</Font<</F 3 0 R>>>>>>')
        kids.append(f'{len(objects)} 0 R')
    objects[1] = f"<</Type/Pages/Kids[{' '.join(kids)}]/Count {len(kids)}>>"
    out, places = bytearray(b'%PDF-1.4\n'), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f'{number} 0 obj\n{body}\nendobj\n'.encode()
    start = len(out)
    out += f'xref\n0 {len(objects) + 1}\n0000000000 65535 f \n'.encode() + b''.join(f'{p:010d} 00000 n \n'.encode() for p in places)
    return bytes(out) + f'trailer<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n'.encode()


def make_pdfs(folder, files, pages, lines, rng):
    """Every file is another one, in folders of 500; each names one of five customers."""
    for n in range(files):
        where = os.path.join(folder, f'{n // 500:03d}')
        os.makedirs(where, exist_ok=True)
        body = [[f'Contract {n:06d} page {p + 1}', f'Customer code: KH-{n % 5 + 1:04d}'] + [' '.join(rng.choice(WORDS) for _ in range(11)) for _ in range(lines)] for p in range(pages)]
        with open(os.path.join(where, f'contract-{n:06d}.pdf'), 'wb') as f:
            f.write(pdf(body))


class Watch(threading.Thread):
    """Looks how large a program and the programs it started have become."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.pid, self.peak, self.ended = pid, {}, threading.Event()

    def run(self):
        while not self.ended.wait(0.1):
            for pid in [self.pid, *children(self.pid)]:
                try:
                    with open(f'/proc/{pid}/cmdline', 'rb') as f:
                        words = f.read().split(b'\0')
                    with open(f'/proc/{pid}/status') as f:
                        high = next(int(line.split()[1]) / 1024 for line in f if line.startswith('VmHWM'))
                except (OSError, StopIteration):
                    continue        # it has just ended
                kind = 'main' if pid == self.pid else words[2].decode() if words[1:2] == [b'worker'] else 'other'
                self.peak[kind] = max(self.peak.get(kind, 0), high)


def children(pid):
    try:
        found = []
        for thread in os.listdir(f'/proc/{pid}/task'):
            with open(f'/proc/{pid}/task/{thread}/children') as f:
                found += f.read().split()
        return found
    except OSError:
        return []


class Bench:
    def __init__(self, arg, work):
        self.arg, self.work, self.cores = arg, work, os.cpu_count()
        self.number = 0

    def dossier(self, *words, data):
        return subprocess.run([self.arg.program, '--data', data, *words], stdin=subprocess.DEVNULL, capture_output=True, text=True)

    def ingest(self, source, workers, **settings):
        """A fresh archive with five customers; gives seconds, the report, and peaks in MiB. Settings as in `dossier.toml`."""
        self.number += 1
        data, table = os.path.join(self.work, f'data{self.number}'), os.path.join(self.work, 'customers.csv')
        with open(table, 'w', encoding='utf-8') as f:
            f.write('code,name,kind\n' + ''.join(f'KH-{n:04d},Customer {n},organisation\n' for n in range(1, 6)))
        made = self.dossier('customers', 'import', table, data=data)
        if made.returncode != 0:
            sys.exit(f'customers import failed: {made.stderr}')
        out = os.path.join(self.work, 'report.json')
        with open(out, 'w') as f:
            begun = time.monotonic()
            env = dict(os.environ, **{f'DOSSIER_{key.upper()}': value for key, value in settings.items()})
            process = subprocess.Popen([self.arg.program, '--data', data, 'ingest', source, '--workers', str(workers), '--json'], stdin=subprocess.DEVNULL, stdout=f, stderr=subprocess.PIPE, env=env)
            watch = Watch(process.pid)
            watch.start()
            said = process.communicate()[1].decode(errors='replace')
            seconds = time.monotonic() - begun
            watch.ended.set()
        if process.returncode not in (0, 2):
            sys.exit(f'ingest ended with {process.returncode}: {said[-500:]}')
        with open(out, encoding='utf-8') as f:
            report = json.load(f)
        shutil.rmtree(data, ignore_errors=True)
        return seconds, report, watch.peak

    def pages(self):
        """Copies of the page images, each in a folder of its own: names that differ in a number would be one document."""
        source, paths = os.path.join(self.work, 'pages'), []
        if not os.path.isdir(source):
            found = sorted(os.path.join(folder, name) for folder, _, names in os.walk(self.arg.pages) for name in names if name.lower().endswith(IMAGES))
            for n, path in enumerate(found[:6] if self.arg.quick else found[:48]):
                where = os.path.join(source, ''.join(chr(97 + int(d)) for d in f'{n:02d}'))
                os.makedirs(where)
                shutil.copyfile(path, os.path.join(where, os.path.basename(path)))
        for folder, _, names in sorted(os.walk(source)):
            paths += [os.path.join(folder, name) for name in names]
        return source, paths

    def scans(self):
        source, paths = self.pages()
        print(f'\n### Scans, {len(paths)} page images\n\n| Workers | Pages | Seconds | Pages/min | Main MiB | Decode MiB | Read MiB |\n|---|---|---|---|---|---|---|', flush=True)
        counts = [n for n in (1, 2, 4, 8, 16) if n <= self.cores]
        for workers in counts:
            seconds, report, peak = self.ingest(source, workers)
            print(f"| {workers} | {report['pages']} | {seconds:.1f} | {report['pages'] / seconds * 60:.1f} | {mib(peak, 'main')} | {mib(peak, 'decode')} | {mib(peak, 'read')} |", flush=True)

    def engines(self):
        source, paths = self.pages()
        print(f'\n### Runtimes of the networks, {len(paths)} page images, {self.cores} workers\n\n| Runtime | Pages | Seconds | Pages/min | Reading, processor s a page | Read MiB |\n|---|---|---|---|---|---|', flush=True)
        for runtime in ('onnxruntime', 'openvino-f32', 'openvino-bf16', 'openvino-f16') * (1 if self.arg.quick else 2):
            seconds, report, peak = self.ingest(source, self.cores, ocr_engine=runtime)
            reading = report.get('workers', {}).get('read_seconds', 0.0)
            print(f"| {runtime} | {report['pages']} | {seconds:.1f} | {report['pages'] / seconds * 60:.1f} | {reading / report['pages']:.2f} | {mib(peak, 'read')} |", flush=True)

    def several(self, command, paths):
        """Splits the paths among as many processes as there are cores."""
        begun = time.monotonic()
        running = [subprocess.Popen(command(paths[n::self.cores]), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) for n in range(self.cores)]
        said = [p.communicate()[0].decode(errors='replace') for p in running]
        seconds = time.monotonic() - begun
        failed = [s for p, s in zip(running, said) if p.returncode != 0]
        return seconds, failed

    def ocrmypdf(self):
        if not shutil.which('ocrmypdf'):
            return print('\nSKIP ocrmypdf: it is missing; `apt-get install ocrmypdf tesseract-ocr-chi-sim` brings it')
        _, paths = self.pages()
        script = 'for p in "$@"; do OMP_THREAD_LIMIT=1 ocrmypdf -q -l chi_sim+eng --jobs 1 --output-type pdf --image-dpi 300 "$p" "$p.out" || echo "failed: $p" >&2; rm -f "$p.out"; done'
        seconds, failed = self.several(lambda part: ['sh', '-c', script, 'sh', *part], paths)
        version = subprocess.run(['ocrmypdf', '--version'], capture_output=True, text=True).stdout.strip()
        row(f'OCRmyPDF {version}, {self.cores} processes, one thread each', len(paths), seconds, failed)

    def rapidocr(self):
        _, paths = self.pages()
        python = os.path.join(self.arg.venv or os.path.join(self.work, 'venv'), 'bin', 'python')
        if not os.path.exists(python):
            venv.create(os.path.dirname(os.path.dirname(python)), with_pip=True)
            made = subprocess.run([python, '-m', 'pip', 'install', '-q', *RAPIDOCR], capture_output=True, text=True)
            if made.returncode != 0:
                return print(f'\nSKIP rapidocr: pip could not install it: {made.stderr[-300:]}')
        seconds, failed = self.several(lambda part: [python, '-c', READ_WITH_RAPIDOCR, *part], paths)
        row(f'RapidOCR, its own pipeline, {self.cores} processes, one thread each', len(paths), seconds, failed)

    def digital(self):
        print('\n### Born-digital PDFs\n\n| Files | Pages each | Seconds | Pages/s | Main MiB | Decode MiB |\n|---|---|---|---|---|---|', flush=True)
        rng = random.Random(1)
        for files, pages in ((10, 20), (100, 1)) if self.arg.quick else ((200, 30), (400, 10), (3_000, 1)):
            source = os.path.join(self.work, 'digital')
            make_pdfs(source, files, pages, 40, rng)
            seconds, report, peak = self.ingest(source, self.cores)
            print(f"| {files} | {pages} | {seconds:.1f} | {report['pages'] / seconds:.0f} | {mib(peak, 'main')} | {mib(peak, 'decode')} |", flush=True)
            shutil.rmtree(source)

    def small(self):
        files, source = 500 if self.arg.quick else 20_000, os.path.join(self.work, 'small')
        make_pdfs(source, files, 1, 3, random.Random(2))
        seconds, report, peak = self.ingest(source, self.cores)
        workers = report.get('workers', {})
        decoding = workers.get('decode_seconds', 0.0)
        besides = seconds - decoding / self.cores
        print(f'\n### {files} small files\n\n| Files | Seconds | ms a file | of it decoding (processor) | besides | Main MiB | Decode MiB |\n|---|---|---|---|---|---|---|')
        print(f"| {report['found']} | {seconds:.1f} | {seconds / files * 1e3:.2f} | {decoding / files * 1e3:.2f} | {besides / files * 1e3:.2f} | {mib(peak, 'main')} | {mib(peak, 'decode')} |", flush=True)
        shutil.rmtree(source)


def mib(peak, kind):
    return f'{peak[kind]:.0f}' if kind in peak else '-'


def row(what, pages, seconds, failed):
    print(f'\n| What | Pages | Seconds | Pages/min |\n|---|---|---|---|\n| {what} | {pages} | {seconds:.1f} | {pages / seconds * 60:.1f} |', flush=True)
    for said in failed:
        print(f'\nA process failed: {said[-500:]}')


def machine():
    with open('/proc/cpuinfo') as f:
        model = next((line.split(':')[1].strip() for line in f if line.startswith('model name')), platform.machine())
    with open('/proc/meminfo') as f:
        memory = int(f.readline().split()[1]) / 2**20
    return f'{os.cpu_count()} cores of {model}, {memory:.0f} GiB, {platform.system()} {platform.release()}, load before {os.getloadavg()[0]:.1f}'


def main():
    here = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    ap = argparse.ArgumentParser(description='how fast scans become searchable')
    ap.add_argument('program')
    ap.add_argument('--quick', action='store_true')
    ap.add_argument('--only', action='append', choices=SECTIONS)
    ap.add_argument('--pages', default=os.path.join(here, 'demo', 'scans'))
    ap.add_argument('--venv')
    ap.add_argument('--work', help='where everything is made; a folder on the disk that is to be measured')
    arg = ap.parse_args()
    arg.program, arg.pages = os.path.abspath(arg.program), os.path.abspath(arg.pages)
    version = subprocess.run([arg.program, '--version'], capture_output=True, text=True).stdout.strip()
    print(f'{version} on {machine()}{", QUICK" if arg.quick else ""}')
    work = tempfile.mkdtemp(prefix='dossier-bench-', dir=arg.work)
    try:
        bench = Bench(arg, work)
        for section in arg.only or SECTIONS:
            getattr(bench, section)()
    finally:
        shutil.rmtree(work, ignore_errors=True)


if __name__ == '__main__':
    main()
