#!/usr/bin/env python3
"""Reads a set of page images with known text through the finished program and writes what it read, a file for each image.

usage: score_set.py PROGRAM SET OUT [--score SCORER]

  SET     a folder with page images (and, for scoring, meta.json and NAME.gt.json)
  OUT     is made: IMAGE.txt with a line for each recognised line, report.json with what became of each file
  SCORER  a script that is called as `SCORER SET OUT`, such as score_pages.py beside this one

Prints pages, seconds and pages per minute. Python standard library only; `dossier setup` must have been run.
"""
import argparse, json, os, shutil, subprocess, sys, tempfile

IMAGES = ('.png', '.jpg', '.jpeg', '.tif', '.tiff', '.bmp', '.webp', '.pdf')


def main():
    ap = argparse.ArgumentParser(description='reads a set of page images through the finished program')
    ap.add_argument('program')
    ap.add_argument('set')
    ap.add_argument('out')
    ap.add_argument('--score')
    ap.add_argument('--workers')
    arg = ap.parse_args()
    work = tempfile.mkdtemp(prefix='dossier-score-')
    try:
        scans, data = os.path.join(work, 'scans'), os.path.join(work, 'data')
        os.makedirs(scans)
        for name in sorted(os.listdir(arg.set)):
            # A folder for each image: pages whose names differ in a number must not be taken for one document.
            if name.lower().endswith(IMAGES):
                os.makedirs(os.path.join(scans, name.replace('.', '_')))
                shutil.copyfile(os.path.join(arg.set, name), os.path.join(scans, name.replace('.', '_'), name))

        def run(*words):
            done = subprocess.run([arg.program, '--data', data, *words, '--json'], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
            if done.returncode not in (0, 2):
                sys.exit(f"{' '.join(words)} ended with {done.returncode}")
            return json.loads(done.stdout)

        report = run('ingest', scans, *(['--workers', arg.workers] if arg.workers else []))
        os.makedirs(arg.out, exist_ok=True)
        told = {os.path.basename(i['path']): {k: i.get(k) for k in ('outcome', 'reason', 'kind')} for i in report['items']}
        with open(os.path.join(arg.out, 'report.json'), 'w', encoding='utf-8') as f:
            json.dump(told, f, ensure_ascii=False, indent=0)
        for item in report['items']:
            if item.get('document_id'):
                shown = run('show', item['document_id'])
                with open(os.path.join(arg.out, os.path.basename(item['path']) + '.txt'), 'w', encoding='utf-8') as f:
                    for page in shown['pages']:
                        f.writelines(line['text'] + '\n' for line in page['lines'])
            else:
                print(f"{item['path']}: {item['outcome']} {item['reason']}")
        print(f"{report['pages']} pages in {report['seconds']:.1f} s: {report['pages'] / max(report['seconds'], .001) * 60:.1f} pages/min")
    finally:
        shutil.rmtree(work, ignore_errors=True)
    if arg.score:
        return subprocess.run([sys.executable, arg.score, arg.set, arg.out]).returncode
    return 0


if __name__ == '__main__':
    sys.exit(main())
