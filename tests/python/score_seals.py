#!/usr/bin/env python3
"""What taking seals out does to pages: each line against the same pages read with their seals kept.

usage: score_seals.py SET TEXTS KEPT

  SET    a folder with meta.json and NAME.gt.json, as make_pages.py writes it
  TEXTS  what was read of it: cargo run -p reading --example read_pages -- ENGINES SET TEXTS
  KEPT   the same with the word `keep` behind it

Prints a line for each condition: true lines, how many are read better and worse for taking seals out, lines of the text that changed in any way, and
the characters amiss of 10,000 both ways. Exit code 1 when a line of a page without a seal got worse. Python standard library only.
"""
import json, os, sys
from collections import Counter
from score_pages import nearest, norm

SEALED = ('red', 'gray', 'bilevel', 'redfaint', 'reddark', 'photo')


def main():
    folder, texts, kept = sys.argv[1:4]
    sums, worse_without_seal = {}, 0
    for image in json.load(open(os.path.join(folder, 'meta.json'), encoding='utf-8')):
        paths = [os.path.join(out, image['file'] + '.txt') for out in (texts, kept)]
        if not all(map(os.path.exists, paths)):
            continue
        new, old = (open(path, encoding='utf-8').read() for path in paths)
        row = sums.setdefault(image['cond'], Counter())
        a, b = Counter(new.splitlines()), Counter(old.splitlines())
        row['changed'] += sum((a - b).values())
        row['pages'] += 1
        new, old = norm(new), norm(old)
        for line in json.load(open(os.path.join(folder, image['page'] + '.gt.json'), encoding='utf-8'))['lines']:
            line = norm(line['text'])
            if not line:
                continue
            off, was = nearest(line, new), nearest(line, old)
            row.update(lines=1, letters=len(line), new=off, old=was, better=off < was, worse=off > was)
            if off > was:
                worse_without_seal += image['cond'] not in SEALED
                print(f"worse: {image['file']}: {was} -> {off} of {len(line)}: {line}", file=sys.stderr)
    print('| condition | pages | lines | better | worse | changed | amiss with seals kept | amiss |\n|---|---|---|---|---|---|---|---|')
    for cond, row in sums.items():
        part = lambda key: f"{row[key] * 10000 / max(1, row['letters']):.1f}"
        print(f"| {cond} | {row['pages']} | {row['lines']} | {row['better']} | {row['worse']} | {row['changed']} | {part('old')} | {part('new')} |")
    return worse_without_seal > 0


if __name__ == '__main__':
    sys.exit(main())
