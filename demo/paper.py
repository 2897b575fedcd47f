"""Paper: a page as a list of marks in points, drawn either as pixels (then scanned) or as a born-digital PDF page."""
import io, math
import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

WIDTH, HEIGHT = 595.28, 841.89
FONTS = {
    'song': ('/usr/share/fonts/truetype/arphic/uming.ttc', 0),
    'kai': ('/usr/share/fonts/truetype/arphic/ukai.ttc', 0),
    'hei': ('/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc', 0),
    'serif': ('/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc', 2),
    'serifb': ('/usr/share/fonts/opentype/noto/NotoSerifCJK-Bold.ttc', 2),
    'sans': ('/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc', 2),
    'sansb': ('/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc', 2),
}
# reportlab embeds TrueType outlines only; these stand in for the Noto faces in born-digital pages.
TRUETYPE = {'serif': 'hei', 'serifb': 'hei', 'sans': 'hei', 'sansb': 'hei'}
INK = (24, 24, 26)
CLOSING = '，。；：、）”！》'
_cache = {}


def face(name, px):
    key = (name, px)
    if key not in _cache:
        path, index = FONTS[name]
        _cache[key] = ImageFont.truetype(path, px, index=index)
    return _cache[key]


def width_of(text, name, size):
    return face(name, 200).getlength(text) * size / 200


class Paper:
    def __init__(self, title, date='', body='serif', ground=(255, 255, 255), wide=False):
        self.title, self.date, self.body, self.ground = title, date, body, ground
        self.w, self.h = (HEIGHT, WIDTH) if wide else (WIDTH, HEIGHT)
        self.marks, self.lines, self.fields, self.seals, self.condition = [], [], {}, [], 'born'

    def text(self, x, y, text, size=11, font=None, ink=INK):
        self.marks.append(('text', x, y, text, font or self.body, size, ink))
        self.lines.append(text)
        return x + width_of(text, font or self.body, size)

    def centre(self, y, text, size=11, font=None, at=None, ink=INK):
        self.text((self.w / 2 if at is None else at) - width_of(text, font or self.body, size) / 2, y, text, size, font, ink)

    def para(self, x, y, w, text, size=11, font=None, lead=1.7, indent=2, ink=INK):
        """Sets a paragraph as Chinese is set: two characters of indent, no closing mark at the start of a line."""
        font, line, first, out = font or self.body, '', True, []
        for ch in text:
            room = w - (indent * size if first else 0)
            if width_of(line + ch, font, size) > room and ch not in CLOSING:
                out.append(line)
                line, first = '', False
            line += ch
        out.append(line)
        for n, line in enumerate(out):
            self.text(x + (indent * size if n == 0 else 0), y, line, size, font, ink)
            y += size * lead
        return y

    def box(self, x, y, w, h, line=0.8, fill=None, ink=(40, 40, 40)):
        self.marks.append(('box', x, y, w, h, line, fill, ink))

    def rule(self, x0, y0, x1, y1, line=0.8, ink=(40, 40, 40)):
        self.marks.append(('rule', x0, y0, x1, y1, line, ink))

    def seal(self, x, y, name, below='合同专用章'):
        self.seals.append((x, y, name, below))

    def cell(self, x, y, w, h, text, label=False, size=10, font=None):
        self.box(x, y, w, h, fill=(236, 236, 236) if label else None)
        if not text:
            return
        font = font or self.body
        if width_of(text, font, size) <= w - 8:
            if label:
                self.centre(y + h / 2 - size * .62, text, size, font, at=x + w / 2)
            else:
                self.text(x + 5, y + h / 2 - size * .62, text, size, font)
        else:
            self.para(x + 5, y + 5, w - 10, text, size, font, lead=1.35, indent=0)

    def draw(self, dpi):
        k = dpi / 72
        im = Image.new('RGB', (round(self.w * k), round(self.h * k)), self.ground)
        d = ImageDraw.Draw(im)
        for m in self.marks:
            if m[0] == 'text':
                _, x, y, text, font, size, ink = m
                d.text((x * k, y * k), text, font=face(font, max(8, round(size * k))), fill=ink)
            elif m[0] == 'box':
                _, x, y, w, h, line, fill, ink = m
                d.rectangle((x * k, y * k, (x + w) * k, (y + h) * k), outline=ink, width=max(1, round(line * k)), fill=fill)
            else:
                _, x0, y0, x1, y1, line, ink = m
                d.line((x0 * k, y0 * k, x1 * k, y1 * k), fill=ink, width=max(1, round(line * k)))
        return im


def seal(im, cx, cy, name, below, dpi, rng, alpha=.8, mm=40):
    """A round red seal: ring, star, name along the ring, purpose below; multiplied onto the page with worn ink."""
    r = round(mm / 25.4 * dpi / 2)
    pad = round(r * .12)
    stamp = Image.new('L', (2 * (r + pad), 2 * (r + pad)), 0)
    d, c = ImageDraw.Draw(stamp), r + pad
    d.ellipse((pad, pad, pad + 2 * r, pad + 2 * r), outline=255, width=max(2, r // 17))
    d.polygon([(c + r * (.34 if k % 2 == 0 else .14) * math.sin(k * math.pi / 5), c - r * (.34 if k % 2 == 0 else .14) * math.cos(k * math.pi / 5)) for k in range(10)], fill=255)
    f, n, side = face('serifb', round(r * .22)), len(name), round(r * .4)
    span = math.radians(min(255, 17.5 * n))
    for k, ch in enumerate(name):
        a = -span / 2 + span * k / max(1, n - 1)
        t = Image.new('L', (side, side), 0)
        ImageDraw.Draw(t).text((side / 2, side / 2), ch, font=f, fill=255, anchor='mm')
        t = t.rotate(-math.degrees(a), resample=Image.BICUBIC)
        stamp.paste(255, (round(c + r * .79 * math.sin(a) - side / 2), round(c - r * .79 * math.cos(a) - side / 2)), t)
    d.text((c, c + r * .58), below, font=face('serifb', round(r * .17)), fill=255, anchor='mm')
    noise = np.random.RandomState(rng.randint(0, 1 << 30))
    m = np.asarray(stamp.rotate(rng.uniform(-12, 12), resample=Image.BICUBIC)).astype(np.float32) / 255
    m *= alpha * (.8 + .2 * noise.rand(*m.shape))
    a = np.asarray(im).astype(np.float32)
    x0, y0 = max(0, round(cx - stamp.size[0] / 2)), max(0, round(cy - stamp.size[1] / 2))
    under = a[y0:y0 + m.shape[0], x0:x0 + m.shape[1]]
    m = m[:under.shape[0], :under.shape[1], None]
    a[y0:y0 + m.shape[0], x0:x0 + m.shape[1]] = under * (1 - m) + np.minimum(under, np.array([205, 30, 38], np.float32)) * m
    return Image.fromarray(a.clip(0, 255).astype(np.uint8))


def scan(page, rng, dpi=150, skew=.4, gray=False, condition='scan'):
    """What a scanner delivers: seals, a little skew, softness and grain. The grain is low because it costs bytes."""
    page.condition = condition
    im = page.draw(300)
    for x, y, name, below in page.seals:
        im = seal(im, x * 300 / 72, y * 300 / 72, name, below, 300, rng)
    if gray:
        im = im.convert('L')
    if skew:
        edge = page.ground if not gray else 255
        im = im.rotate(rng.choice((-1, 1)) * rng.uniform(skew / 3, skew), resample=Image.BICUBIC, fillcolor=edge)
    im = im.resize((round(im.size[0] * dpi / 300), round(im.size[1] * dpi / 300)), Image.LANCZOS)
    if condition in ('scan', 'colour'):
        im = im.filter(ImageFilter.GaussianBlur(.35 * dpi / 200))
        a = np.asarray(im).astype(np.float32)
        a += np.random.RandomState(rng.randint(0, 1 << 30)).randn(*a.shape[:2]).astype(np.float32).reshape(a.shape[:2] + (1,) * (a.ndim - 2)) * 1.6
        # A scanner's automatic exposure clips paper to white, which is also what keeps the files small.
        a = (a - 6) * (255 / 240)
        im = Image.fromarray(a.clip(0, 255).astype(np.uint8))
    if condition == 'bilevel':
        im = im.convert('L').point(lambda v: 255 if v > 150 else 0).convert('1')
    return im


def jpeg(im, quality, dpi):
    out = io.BytesIO()
    im.save(out, 'JPEG', quality=quality, dpi=(dpi, dpi), optimize=True)
    return out.getvalue()


def page_jpeg(im, dpi, quality):
    return jpeg(im, quality, dpi)


def page_png(im, dpi, levels):
    """Two levels are 1 bit; more are a palette, as office scanners write to keep PNG small."""
    out = io.BytesIO()
    if levels == 2:
        im = im.convert('1')
    elif im.mode == 'L':
        step = 255 / (levels - 1)
        im = im.point(lambda v: round(round(v / step) * step))
    else:
        im = im.quantize(levels, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    im.save(out, 'PNG', optimize=True, dpi=(dpi, dpi))
    return out.getvalue()


def tiff_g4(images, dpi):
    out = io.BytesIO()
    images[0].save(out, 'TIFF', compression='group4', dpi=(dpi, dpi), save_all=True, append_images=images[1:])
    return out.getvalue()


def pdf_scanned(images, dpi, quality):
    """A PDF whose pages are one JPEG each, the bytes passed through untouched, as scanning software writes it."""
    import pikepdf
    pdf = pikepdf.new()
    for im in images:
        w, h = im.size[0] * 72 / dpi, im.size[1] * 72 / dpi
        image = pikepdf.Stream(pdf, jpeg(im, quality, dpi))
        image.stream_dict = pikepdf.Dictionary(
            Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=im.size[0], Height=im.size[1], BitsPerComponent=8,
            ColorSpace=pikepdf.Name.DeviceGray if im.mode == 'L' else pikepdf.Name.DeviceRGB, Filter=pikepdf.Name.DCTDecode)
        content = pikepdf.Stream(pdf, f'q {w:.2f} 0 0 {h:.2f} 0 0 cm /Im0 Do Q'.encode())
        pdf.pages.append(pikepdf.Page(pikepdf.Dictionary(
            Type=pikepdf.Name.Page, MediaBox=[0, 0, round(w, 2), round(h, 2)], Contents=pdf.make_indirect(content),
            Resources=pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=pdf.make_indirect(image))))))
    out = io.BytesIO()
    pdf.save(out, deterministic_id=True)
    return out.getvalue()


def pdf_born(pages):
    """A PDF with a real text layer; reportlab embeds subsets of the TrueType faces with their ToUnicode maps."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas
    for name in ('song', 'kai', 'hei'):
        if name not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(name, FONTS[name][0], subfontIndex=FONTS[name][1]))
    out = io.BytesIO()
    c = Canvas(out, pagesize=(pages[0].w, pages[0].h), invariant=1, pageCompression=1)
    c.setTitle(pages[0].title)
    rgb = lambda t: tuple(v / 255 for v in t)
    for p in pages:
        c.setPageSize((p.w, p.h))
        for m in p.marks:
            if m[0] == 'text':
                _, x, y, text, font, size, ink = m
                c.setFillColorRGB(*rgb(ink))
                c.setFont(TRUETYPE.get(font, font), size)
                c.drawString(x, p.h - y - size * .92, text)
            elif m[0] == 'box':
                _, x, y, w, h, line, fill, ink = m
                c.setStrokeColorRGB(*rgb(ink))
                c.setLineWidth(line)
                if fill:
                    c.setFillColorRGB(*rgb(fill))
                c.rect(x, p.h - y - h, w, h, stroke=1, fill=1 if fill else 0)
            else:
                _, x0, y0, x1, y1, line, ink = m
                c.setStrokeColorRGB(*rgb(ink))
                c.setLineWidth(line)
                c.line(x0, p.h - y0, x1, p.h - y1)
        c.showPage()
    c.save()
    return out.getvalue()
