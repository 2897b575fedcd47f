"""Makes `index/src/variants.txt`: characters that are written in several ways, each with the way in which it is compared.

    python3 index/variants/make.py FOLDER

FOLDER holds these files of the Unicode Character Database (https://www.unicode.org/Public/UCD/latest/ucd/, with Unihan
unpacked; version 14.0 was taken): EquivalentUnifiedIdeograph.txt and Unihan_*.txt. Nothing is chosen by hand:

* a radical stands for its ideograph (EquivalentUnifiedIdeograph);
* a character outside levels 1 and 2 of the General Standard Chinese Characters (kTGH) stands for the one within them that
  kSimplifiedVariant, kZVariant or kSemanticVariant names. A character of level 3 is one of names and places and needs two
  sources that say so;
* so does one of the basic plane with the same radical and reading and either the same definition and as many strokes, give
  or take two, or the same first sense, the same reading in Japanese and just as many strokes: old printed forms that no
  property names (kRSUnicode, kMandarin, kDefinition, kJapaneseOn).

A character of levels 1 and 2 never stands for another, so that no two words of everyday language become one.
"""

import glob
import os
import re
import sys

STANDARD_UP_TO = 6500
NEEDED = {"kRSUnicode", "kMandarin", "kDefinition"}
SPEAKS_OF_ALL = re.compile(r"\b(kind|name|species|type|variety|surname)\b", re.I)


def unihan(folder: str) -> "dict[str, dict[str, str]]":
    wanted = {"kTGH", "kSimplifiedVariant", "kZVariant", "kSemanticVariant", "kRSUnicode", "kMandarin", "kDefinition", "kJapaneseOn"}
    found: "dict[str, dict[str, str]]" = {}
    for path in sorted(glob.glob(os.path.join(folder, "Unihan_*.txt"))):
        with open(path, encoding="utf-8") as file:
            for line in file:
                parts = line.rstrip("\n").split("\t")
                if len(parts) == 3 and parts[1] in wanted:
                    found.setdefault(chr(int(parts[0][2:], 16)), {})[parts[1]] = parts[2]
    return found


def named(value: str) -> "list[tuple[str, int]]":
    """The characters of a property, each with how many sources name it."""
    pairs = [entry.partition("<") for entry in value.split()]
    return [(chr(int(code[2:], 16)), len(sources.split(","))) for code, _, sources in pairs]


def radicals(folder: str) -> "dict[str, str]":
    pairs = {}
    with open(os.path.join(folder, "EquivalentUnifiedIdeograph.txt"), encoding="utf-8") as file:
        for line in file:
            match = re.match(r"([0-9A-F]+)(?:\.\.([0-9A-F]+))?\s*;\s*([0-9A-F]+)", line)
            if match:
                first, last = int(match[1], 16), int(match[2] or match[1], 16)
                pairs.update((chr(code), chr(int(match[3], 16))) for code in range(first, last + 1) if 0x2E80 <= code < 0x2FE0)
    return pairs


def whole_sense(of: "dict[str, str]") -> "tuple[str, ...]":
    return (of["kDefinition"],)


def first_sense(of: "dict[str, str]") -> "tuple[str, ...]":
    return (re.split("[,;]", of["kDefinition"])[0].strip(), of.get("kJapaneseOn", ""), of["kRSUnicode"].split()[0])


def main() -> None:
    folder, house = sys.argv[1], os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    properties = unihan(folder)
    level = {char: int(of["kTGH"].split(":")[1]) for char, of in properties.items() if "kTGH" in of}

    def standard(char: str) -> "str | None":
        """The character itself where it is of levels 1 and 2, else its one simplified form where that is."""
        if level.get(char, STANDARD_UP_TO + 1) <= STANDARD_UP_TO:
            return char
        simple = [other for other, _ in named(properties.get(char, {}).get("kSimplifiedVariant", ""))]
        simple = [other for other in simple if other != char]
        return simple[0] if len(simple) == 1 and level.get(simple[0], STANDARD_UP_TO + 1) <= STANDARD_UP_TO else None

    pairs: "dict[str, str]" = {}
    for char, of in properties.items():
        if level.get(char, STANDARD_UP_TO + 1) <= STANDARD_UP_TO:
            continue
        own = standard(char)
        votes: "dict[str, int]" = {}
        for key, weight in (("kZVariant", 3), ("kSemanticVariant", 1)):
            for other, sources in named(of.get(key, "")):
                meant = standard(other)
                if meant and meant != char:
                    votes[meant] = votes.get(meant, 0) + weight * sources
        least = 2 if char in level else 1
        votes = {meant: count for meant, count in votes.items() if count >= least}
        if own:
            pairs[char] = own
        elif votes:
            pairs[char] = min(votes, key=lambda meant: (-votes[meant], level[meant]))

    for key, slack in ((whole_sense, 2), (first_sense, 0)):
        groups: "dict[tuple[str, ...], list[tuple[str, int]]]" = {}
        for char, of in properties.items():
            if ord(char) < 0x10000 and NEEDED <= of.keys() and not SPEAKS_OF_ALL.search(of["kDefinition"]):
                radical, strokes = of["kRSUnicode"].split()[0].replace("'", "").split(".")
                groups.setdefault((radical, of["kMandarin"], *key(of)), []).append((char, int(strokes)))
        for group in groups.values():
            meant = {standard(char) for char, _ in group} - {None}
            like = [strokes for char, strokes in group if standard(char)]
            for char, strokes in group if len(meant) == 1 else []:
                if char not in level and char not in pairs and min(abs(strokes - other) for other in like) <= slack:
                    pairs[char] = next(iter(meant))
    pairs.update(radicals(folder))
    with open(os.path.join(house, "src", "variants.txt"), "w", encoding="utf-8") as file:
        for char in sorted(pairs):
            file.write(f"{char}{pairs[char]}\n")
    print(f"{len(pairs)} characters")


if __name__ == "__main__":
    main()
