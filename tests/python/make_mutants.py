#!/usr/bin/env python3
"""Writes damaged copies of scans: what lines, disks, hurried people and attackers make of files.

usage: make_mutants.py SEEDS OUT [--count N] [--seed S]

Each seed file in turn is changed in one to three of eight ways: bits flipped, the end cut off, a piece doubled, a piece
zeroed, pieces exchanged or taken from another seed, a number replaced (text in PDF, binary elsewhere), bytes put in,
junk after the end. The same count and seed give the same bytes. Python standard library only.
"""
import argparse, os, random, re, struct

NUMBERS = [0, 1, 2, 7, 8, 255, 256, 32_767, 65_535, 65_536, 2**31 - 1, 2**31, 2**32 - 1, -1]


def flip(body, rng, others):
    for _ in range(rng.choice((1, 1, 2, 8, 64))):
        body[rng.randrange(len(body))] ^= 1 << rng.randrange(8)


def truncate(body, rng, others):
    del body[rng.randrange(1, len(body)) if rng.random() < 0.5 else max(1, len(body) - rng.randrange(1, 64)):]


def piece(body, rng):
    at = rng.randrange(len(body))
    return at, min(len(body), at + rng.choice((1, 4, 16, 256, 4096)))


def duplicate(body, rng, others):
    a, b = piece(body, rng)
    body[a:a] = body[a:b] * rng.choice((1, 1, 2, 50))


def zero(body, rng, others):
    a, b = piece(body, rng)
    body[a:b] = bytes(b - a)


def splice(body, rng, others):
    other = body if rng.random() < 0.5 else rng.choice(others)
    a, b = piece(other, rng)
    at = rng.randrange(len(body))
    body[at:at + b - a] = other[a:b]


def number(body, rng, others):
    value = rng.choice(NUMBERS)
    found = [m.span() for m in re.finditer(rb'\d+', body)] if body[:5] == b'%PDF-' else []
    if found:
        a, b = rng.choice(found)
        body[a:b] = str(rng.choice((value, 10**12, 4_000_000_000))).encode()
        return
    at, order = rng.randrange(min(len(body), 512)), rng.choice('<>')
    body[at:at + 4] = struct.pack(order + 'I', value & 0xffff_ffff) if rng.random() < 0.5 else struct.pack(order + 'H', value & 0xffff)


def insert(body, rng, others):
    at = rng.randrange(len(body))
    body[at:at] = rng.randbytes(rng.choice((1, 3, 100, 5000)))


def tail(body, rng, others):
    body += rng.choice((b'%PDF-1.4\n', bytes(4096), b'PK\x03\x04', rng.randbytes(1000), bytes(body[:2000])))


WAYS = [flip, truncate, duplicate, zero, splice, number, insert, tail]


def main():
    ap = argparse.ArgumentParser(description='writes damaged copies of scans')
    ap.add_argument('seeds')
    ap.add_argument('out')
    ap.add_argument('--count', type=int, default=150)
    ap.add_argument('--seed', type=int, default=1)
    arg = ap.parse_args()
    names = sorted(n for n in os.listdir(arg.seeds) if os.path.isfile(os.path.join(arg.seeds, n)))
    seeds = [open(os.path.join(arg.seeds, n), 'rb').read() for n in names]
    for n in range(arg.count):
        rng = random.Random(f'{arg.seed} {n}')
        at = n % len(seeds)
        body, ways = bytearray(seeds[at]), []
        for _ in range(rng.choice((1, 1, 2, 3))):
            way = rng.choice(WAYS)
            way(body, rng, seeds)
            ways.append(way.__name__)
        stem, ending = os.path.splitext(names[at])
        # Letters, not a number, set the names apart: names that differ in a running number may be taken for the pages of one document.
        mark = ''.join(chr(97 + int(d)) for d in str(n))
        folder = os.path.join(arg.out, f'{n // 1000:03d}')
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, f'{mark}-{stem}-{"-".join(ways)}{ending}'), 'wb') as f:
            f.write(body)
    print(f'{arg.count} mutants of {len(seeds)} seeds')


if __name__ == '__main__':
    main()
