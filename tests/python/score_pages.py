#!/usr/bin/env python3
"""Scores what was read of a set of page images against what stands on them, a line for each condition.

usage: score_pages.py SET TEXTS [--json] [--worst N] [--lost]

  SET    a folder with meta.json and NAME.gt.json, as make_pages.py writes it
  TEXTS  a folder with IMAGE.txt for each image that was read, and report.json where kinds were told (score_set.py writes both)

CER       each true line against its best-matching run of the page's text, NFKC, punctuation folded, white space aside
inserted  characters that were read and stand neither on the page nor in its seals, in percent of the true characters
lines     true lines of which less than half was found
order     neighbouring true lines that were found whole and in the wrong order, in percent of those found whole
fields    values found whole
kind      pages whose kind is right, wrong or unknown
Python standard library only.
"""
import argparse, json, os, sys, unicodedata

FOLD = str.maketrans('，。；：（）！“”‘’、￥－—–―〔〕【】', ',.;:()!""\'\',¥----[][]')
IGNORED = '□■☑口回_~'


def norm(text):
    text = unicodedata.normalize('NFKC', text).translate(FOLD)
    return ''.join(c for c in text if not c.isspace() and c not in IGNORED)


def nearest(line, text):
    """Edit distance of the line from the closest run of the text (Myers 1999, one big number for each column)."""
    m = len(line)
    if not m:
        return 0
    where = {}
    for i, c in enumerate(line):
        where[c] = where.get(c, 0) | 1 << i
    full, top = (1 << m) - 1, 1 << m - 1
    plus, minus, score = full, 0, m
    best = m
    for c in text:
        eq = where.get(c, 0)
        xv = eq | minus
        xh = (((eq & plus) + plus) ^ plus) | eq
        ph = (minus | ~(xh | plus)) & full
        mh = plus & xh
        if ph & top:
            score += 1
        elif mh & top:
            score -= 1
        ph, mh = ph << 1 & full, mh << 1 & full
        plus, minus = (mh | ~(xv | ph)) & full, ph & xv
        best = min(best, score)
    return best


def score(folder, texts):
    """A row for each image that was read, and what was lost."""
    load = lambda *path: json.load(open(os.path.join(*path), encoding='utf-8'))
    told = os.path.join(texts, 'report.json')
    told = json.load(open(told, encoding='utf-8')) if os.path.exists(told) else {}
    rows, lost = [], []
    for image in load(folder, 'meta.json'):
        path = os.path.join(texts, image['file'] + '.txt')
        if not os.path.exists(path):
            continue
        truth = load(folder, image['page'] + '.gt.json')
        read = open(path, encoding='utf-8').read()
        text = norm(read)
        row = dict(file=image['file'], cond=image['cond'], wrong=0, total=0, gone=0, whole=0, order=0, inserted=0, right=0, unknown=0, kinds=0)
        last = None
        for line in (norm(l['text']) for l in truth['lines']):
            if not line:
                continue
            off = nearest(line, text)
            row['wrong'], row['total'] = row['wrong'] + off, row['total'] + len(line)
            if off * 2 > len(line):
                row['gone'] += 1
            if off:
                lost.append(f"{image['file']}: {off}/{len(line)} {line}")
            at = text.find(line) if text.count(line) == 1 else -1
            if at >= 0:
                row['whole'] += 1
                if last is not None and at < last[0]:
                    row['order'] += 1
                    lost.append(f"{image['file']}: order {line} stands after {last[1]}")
                last = (at, line)
        known = norm(''.join(l['text'] for l in truth['lines'])) + '\n' + norm(''.join(truth.get('seals', [])))
        row['inserted'] = sum(nearest(line, known) for line in map(norm, read.split('\n')))
        values = {k: norm(v) in text for k, v in truth['fields'].items()}
        lost += [f"{image['file']}: field {k} {truth['fields'][k]}" for k, found in values.items() if not found]
        row['fields'], row['of'] = sum(values.values()), len(values)
        if image['file'] in told:
            kind = told[image['file']].get('kind') or ''
            row['kinds'], row['right'], row['unknown'] = 1, kind == truth['kind'], kind == ''
            if kind != truth['kind']:
                lost.append(f"{image['file']}: kind {kind or 'unknown'}, not {truth['kind']}")
        rows.append(row)
    return rows, lost


def totals(some):
    """Several rows as one."""
    total = lambda key: sum(r[key] for r in some)
    share = lambda a, b: round(100 * a / max(1, b), 3)
    return dict(pages=len(some), cer=share(total('wrong'), total('total')), inserted=share(total('inserted'), total('total')), lines=total('gone'), order=share(total('order'), total('whole')),
                fields=total('fields'), of=total('of'), kinds=total('right'), kinds_of=total('kinds'), kinds_unknown=total('unknown'))


def main():
    ap = argparse.ArgumentParser(description='scores what was read of a set of page images')
    ap.add_argument('set')
    ap.add_argument('texts')
    ap.add_argument('--json', action='store_true')
    ap.add_argument('--worst', type=int, default=3)
    ap.add_argument('--lost', action='store_true', help='names the lines and fields that were lost')
    arg = ap.parse_args()
    rows, lost = score(arg.set, arg.texts)
    conditions = ['all'] + list(dict.fromkeys(r['cond'] for r in rows))
    table = [dict(condition=cond, **totals([r for r in rows if cond in ('all', r['cond'])])) for cond in conditions]
    worst = sorted(rows, key=lambda r: -r['wrong'] / max(1, r['total']))[:arg.worst]
    if arg.json:
        print(json.dumps({'table': table, 'worst': [w['file'] for w in worst]}, ensure_ascii=False))
        return
    print(f"{'condition':10} {'pages':>5} {'CER %':>8} {'inserted %':>10} {'lines':>6} {'order %':>8} {'fields':>10} {'kind':>12}")
    for t in table:
        kinds = f"{t['kinds']}/{t['kinds_of']}" + (f" ?{t['kinds_unknown']}" if t['kinds_unknown'] else '') if t['kinds_of'] else '-'
        print(f"{t['condition']:10} {t['pages']:5} {t['cer']:8.3f} {t['inserted']:10.3f} {t['lines']:6} {t['order']:8.2f} {t['fields']:5}/{t['of']:<4} {kinds:>12}")
    print('worst: ' + ', '.join(f"{w['file']} ({100 * w['wrong'] / max(1, w['total']):.2f} %)" for w in worst))
    if arg.lost:
        print('\n'.join(lost))


if __name__ == '__main__':
    sys.exit(main())
