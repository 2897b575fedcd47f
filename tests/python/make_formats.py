#!/usr/bin/env python3
"""Makes one small file of each format in which scans are delivered, all with the same two lines on them.

usage: make_formats.py OUT

The files in reading/tests/formats were made by it (image.ofd by make_ofd.py) and are read by the test `every_format_is_read`. Needs Pillow, numpy and pikepdf.
"""
import io, os, struct, sys
import numpy as np
import pikepdf
from make_drawings import tiled_fax
from PIL import Image, ImageDraw, ImageFont, TiffImagePlugin

LINES = ('合同编号 HT-2024-0117', '金额人民币壹拾万元整')
FONT = ImageFont.truetype('/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc', 46)


def picture(size=(760, 240)):
    im = Image.new('L', size, 255)
    d = ImageDraw.Draw(im)
    for n, line in enumerate(LINES):
        d.text((60, 50 + 76 * n), line, font=FONT, fill=0)
    return im


def main():
    out = sys.argv[1]
    os.makedirs(out, exist_ok=True)
    path = lambda name: os.path.join(out, name)
    gray, one = picture(), picture().convert('1')
    rgb = Image.merge('RGB', (gray.point(lambda v: 250 if v > 128 else 20), gray.point(lambda v: 248 if v > 128 else 40), gray.point(lambda v: 236 if v > 128 else 110)))

    # The camera says how it was held; what it stored is the picture turned and mirrored the other way.
    T = Image.Transpose
    undo = {1: None, 2: T.FLIP_LEFT_RIGHT, 3: T.ROTATE_180, 4: T.FLIP_TOP_BOTTOM, 5: T.TRANSPOSE, 6: T.ROTATE_90, 7: T.TRANSVERSE, 8: T.ROTATE_270}
    for n, how in undo.items():
        exif = Image.Exif()
        exif[0x0112] = n
        (gray.transpose(how) if how is not None else gray).save(path(f'exif{n}.jpg'), quality=60, exif=exif)
    exif = Image.Exif()
    exif[0x0112] = 6
    gray.transpose(T.ROTATE_90).save(path('exif6.webp'), quality=60, exif=exif)

    one.save(path('bilevel.png'))
    gray.save(path('gray.png'))
    rgb.save(path('colour.png'), optimize=True)
    Image.fromarray((np.asarray(gray).astype(np.uint16) * 257)).save(path('gray16.png'))
    rgb.quantize(4).save(path('palette.png'))
    rgb.quantize(16).save(path('palette.bmp'))
    one.save(path('bilevel.bmp'))
    gray.save(path('gray.bmp'))
    clear = Image.new('RGBA', gray.size, (0, 0, 0, 0))
    clear.putalpha(gray.point(lambda v: 255 - v))
    clear.save(path('alpha.png'))
    la = Image.new('LA', gray.size, (0, 0))
    la.putalpha(gray.point(lambda v: 255 - v))
    la.save(path('gray_alpha.png'))
    rgb.save(path('colour.webp'), lossless=True)
    # What a second frame shows is no page.
    gray.save(path('frames.gif'), save_all=True, append_images=[Image.new('L', gray.size, 255)], duration=100)
    cmyk = rgb.convert('CMYK')
    # Pillow writes the marker of Adobe, and the inks inverted with it, as Photoshop does.
    cmyk.save(path('cmyk_adobe.jpg'), quality=75)
    plain = io.BytesIO()
    Image.eval(cmyk, lambda v: 255 - v).save(plain, 'JPEG', quality=75)
    data = plain.getvalue()
    at = data.find(b'Adobe')
    if at > 0:
        data = data[:at - 4] + data[at - 4 + 2 + struct.unpack('>H', data[at - 2:at])[0]:]
    open(path('cmyk_plain.jpg'), 'wb').write(data)
    rgb.save(path('progressive.jpg'), progressive=True, quality=70)

    dpi = (200, 200)
    tag = lambda **tags: {int(k[1:]): v for k, v in tags.items()}
    one.save(path('g3_1d.tif'), compression='group3', dpi=dpi)
    one.save(path('g3_2d.tif'), compression='group3', dpi=dpi, tiffinfo=tag(t292=1))
    one.save(path('g3_fill.tif'), compression='group3', dpi=dpi, tiffinfo=tag(t292=4))
    one.save(path('mh.tif'), compression='tiff_ccitt', dpi=dpi)
    one.save(path('g4.tif'), compression='group4', dpi=dpi)
    one.save(path('g4_low_bit_first.tif'), compression='group4', dpi=dpi, tiffinfo=tag(t266=2))
    tiled_fax(one, path('g4_tiled.tif'), side=256)
    one.save(path('g4_strips.tif'), compression='group4', dpi=dpi, tiffinfo=tag(t278=32))
    one.save(path('g3_strips.tif'), compression='group3', dpi=dpi, tiffinfo=tag(t278=48))
    one.save(path('bilevel_packbits.tif'), compression='packbits', dpi=dpi)
    gray.save(path('lzw.tif'), compression='tiff_lzw', dpi=dpi)
    rgb.save(path('lzw_predictor.tif'), compression='tiff_lzw', dpi=dpi, tiffinfo=tag(t317=2))
    rgb.save(path('deflate.tif'), compression='tiff_adobe_deflate', dpi=dpi)
    rgb.save(path('jpeg_ycbcr.tif'), compression='jpeg', quality=70, dpi=dpi)
    gray.save(path('jpeg_gray.tif'), compression='jpeg', quality=70, dpi=dpi)
    Image.fromarray(np.asarray(gray).astype(np.uint16) * 257).save(path('gray16.tif'), compression='tiff_lzw')
    cmyk.save(path('cmyk.tif'), compression='tiff_lzw', dpi=dpi)
    rgb.quantize(16).save(path('palette.tif'), compression='tiff_lzw', dpi=dpi)
    clear.save(path('alpha.tif'), compression='tiff_lzw')
    for n in (3, 6):
        one.transpose(undo[n]).save(path(f'orientation{n}.tif'), compression='group4', dpi=dpi, tiffinfo=tag(t274=n))
    # Fax machines scan twice as many dots across as down.
    one.resize((760, 115)).save(path('fax_204x98.tif'), compression='group3', dpi=(204, 98))
    with TiffImagePlugin.AppendingTiffWriter(path('pages.tif'), True) as pages:
        for im, how in ((one, 'group4'), (gray, 'tiff_lzw'), (rgb, 'jpeg')):
            im.save(pages, 'TIFF', compression=how, dpi=dpi)
            pages.newFrame()
    tiled(path('tiled.tif'), gray)

    pdfs(path, gray, one, rgb, cmyk)
    total = sum(os.path.getsize(path(n)) for n in os.listdir(out))
    print(f'{len(os.listdir(out))} files, {total} bytes')


def tiled(path, gray, side=256):
    """A TIFF in tiles, which Pillow does not write."""
    w, h = gray.size
    across, down = -(-w // side), -(-h // side)
    a = np.full((down * side, across * side), 255, np.uint8)
    a[:h, :w] = np.asarray(gray)
    tiles = [a[y * side:(y + 1) * side, x * side:(x + 1) * side].tobytes() for y in range(down) for x in range(across)]
    import zlib
    tiles = [zlib.compress(t) for t in tiles]
    body, offsets = b'', []
    for t in tiles:
        offsets.append(8 + len(body))
        body += t
    tags = [(256, 4, [w]), (257, 4, [h]), (258, 3, [8]), (259, 3, [8]), (262, 3, [1]), (277, 3, [1]), (322, 4, [side]), (323, 4, [side]),
            (324, 4, offsets), (325, 4, [len(t) for t in tiles])]
    at = 8 + len(body)
    extra = at + 2 + 12 * len(tags) + 4
    ifd, tail = struct.pack('<H', len(tags)), b''
    for tag, kind, values in tags:
        data = struct.pack('<' + ('H' if kind == 3 else 'I') * len(values), *values)
        if len(data) > 4:
            place = struct.pack('<I', extra + len(tail))
            tail += data
        else:
            place = data.ljust(4, b'\0')
        ifd += struct.pack('<HHI', tag, kind, len(values)) + place
    open(path, 'wb').write(b'II*\0' + struct.pack('<I', at) + body + ifd + struct.pack('<I', 0) + tail)


def encoded(im, kind, **how):
    out = io.BytesIO()
    im.save(out, kind, **how)
    return out.getvalue()


def group4(one):
    """The bare Group 4 data of a black and white picture."""
    tif = Image.open(io.BytesIO(encoded(one, 'TIFF', compression='group4', tiffinfo={278: one.size[1]})))
    (at,), (count,) = tif.tag_v2[273], tif.tag_v2[279]
    tif.fp.seek(at)
    return tif.fp.read(count), tif.tag_v2[262]


def pdfs(path, gray, one, rgb, cmyk):
    w, h = gray.size
    points = (round(w * .36, 2), round(h * .36, 2))
    Name = pikepdf.Name

    def image(pdf, data, filters, **keys):
        stream = pikepdf.Stream(pdf, data)
        for k, v in dict(Type=Name.XObject, Subtype=Name.Image, Width=w, Height=h, BitsPerComponent=8, **keys).items():
            stream[Name('/' + k)] = v
        if filters:
            stream.Filter = filters
        return pdf.make_indirect(stream)

    def save(name, make, draw=None, rotate=0, size=points):
        pdf = pikepdf.new()
        objects = make(pdf)
        draw = draw or f'q {points[0]} 0 0 {points[1]} 0 0 cm /I0 Do Q'
        pdf.pages.append(pikepdf.Page(pikepdf.Dictionary(
            Type=Name.Page, MediaBox=[0, 0, *size], Rotate=rotate, Contents=pdf.make_indirect(pikepdf.Stream(pdf, draw.encode())),
            Resources=pikepdf.Dictionary(XObject=pikepdf.Dictionary({f'/I{n}': o for n, o in enumerate(objects)})))))
        pdf.save(path(name), deterministic_id=True)

    jpeg = encoded(gray, 'JPEG', quality=60)
    dct = lambda pdf: [image(pdf, jpeg, Name.DCTDecode, ColorSpace=Name.DeviceGray)]
    for turn in (90, 180, 270):
        # What is stored lies the other way, so that the page is upright as shown.
        lying = gray.transpose({90: Image.Transpose.ROTATE_90, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_270}[turn])
        data = encoded(lying, 'JPEG', quality=60)
        flat = points if turn == 180 else points[::-1]
        def make(pdf, data=data, lying=lying):
            one_image = image(pdf, data, Name.DCTDecode, ColorSpace=Name.DeviceGray)
            one_image.Width, one_image.Height = lying.size
            return [one_image]
        save(f'rotate{turn}.pdf', make, f'q {flat[0]} 0 0 {flat[1]} 0 0 cm /I0 Do Q', turn, flat)
    save('image.pdf', dct)
    save('cmyk.pdf', lambda pdf: [image(pdf, encoded(cmyk, 'JPEG', quality=75), Name.DCTDecode, ColorSpace=Name.DeviceCMYK, Decode=[1, 0, 1, 0, 1, 0, 1, 0])])
    save('jpx.pdf', lambda pdf: [image(pdf, encoded(gray, 'JPEG2000', quality_mode='rates', quality_layers=[12]), Name.JPXDecode)])
    data, photometric = group4(one)
    ccitt = pikepdf.Dictionary(K=-1, Columns=w, Rows=h, BlackIs1=photometric != 0)
    save('g4.pdf', lambda pdf: [bilevel(pdf, image(pdf, data, Name.CCITTFaxDecode, ColorSpace=Name.DeviceGray, DecodeParms=ccitt))])
    save('jbig2.pdf', lambda pdf: [bilevel(pdf, image(pdf, jbig2(group4(one.point(lambda v: 255 - v))[0], w, h), Name.JBIG2Decode, ColorSpace=Name.DeviceGray))])
    # A stencil: ones let the colour of the pen through.
    def stencil(pdf):
        mask = image(pdf, np.packbits(np.asarray(gray) < 128, axis=1).tobytes(), None, ImageMask=True, Decode=[1, 0])
        mask.BitsPerComponent = 1
        return [mask]
    save('mask.pdf', stencil)
    def soft(pdf):
        alpha = image(pdf, gray.point(lambda v: 255 - v).tobytes(), None, ColorSpace=Name.DeviceGray)
        return [image(pdf, bytes(w * h), None, ColorSpace=Name.DeviceGray, SMask=alpha)]
    save('soft_mask.pdf', soft)
    def indexed(pdf):
        few = rgb.quantize(4)
        table = pikepdf.String(bytes(few.getpalette()[:12]))
        return [image(pdf, few.tobytes(), None, ColorSpace=pikepdf.Array([Name.Indexed, Name.DeviceRGB, 3, table]))]
    save('indexed.pdf', indexed)
    # The page in three strips, as some scanning programs cut it.
    def strips(pdf):
        out = []
        for n in range(3):
            part = gray.crop((0, n * h // 3, w, (n + 1) * h // 3))
            stream = image(pdf, encoded(part, 'JPEG', quality=70), Name.DCTDecode, ColorSpace=Name.DeviceGray)
            stream.Height = part.size[1]
            out.append(stream)
        return out
    third = points[1] / 3
    save('strips.pdf', strips, ' '.join(f'q {points[0]} 0 0 {third:.3f} 0 {points[1] - third * (n + 1):.3f} cm /I{n} Do Q' for n in range(3)))
    def form(pdf):
        inner = dct(pdf)[0]
        stream = pikepdf.Stream(pdf, f'q {points[0]} 0 0 {points[1]} 0 0 cm /I0 Do Q'.encode())
        stream.Type, stream.Subtype, stream.BBox = Name.XObject, Name.Form, pikepdf.Array([0, 0, *points])
        stream.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary({'/I0': inner}))
        return [pdf.make_indirect(stream)]
    save('form.pdf', form, '/I0 Do')


def bilevel(pdf, stream):
    stream.BitsPerComponent = 1
    return stream


def jbig2(mmr, w, h):
    """A page and one generic region whose data are Group 4, which JBIG2 calls MMR."""
    page = struct.pack('>IIIIBH', w, h, 0, 0, 0, 0)
    region = struct.pack('>IIIIB', w, h, 0, 0, 0) + b'\x01' + mmr
    segment = lambda number, kind, data: struct.pack('>IBBBI', number, kind, 0, 1, len(data)) + data
    return segment(0, 48, page) + segment(1, 38, region)


if __name__ == '__main__':
    main()
