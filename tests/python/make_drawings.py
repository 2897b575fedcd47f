#!/usr/bin/env python3
"""Makes large drawings with known text, to see that they are read in tiles: A1 at 300 dpi, 7016 x 9933 pixels.

usage: make_drawings.py OUT [--seed N] [--kinds gray,fax,tiled,colour,turned,a3]

A drawing has a frame, a plan of walls and pipes with labels at drawing sizes (2.5 to 7 mm), labels that stand upright beside walls, a parts list, notes
that run across the edges of any tile, and a title block with a red seal. OUT gets the files, NAME.gt.json and meta.json, as `score_set.py` and
`score_pages.py` want them. Everything is synthetic. Needs Pillow and the fonts noto-cjk.

kinds  gray    JPEG in gray             fax     TIFF in Group 4       tiled  the same in tiles
       colour  PDF of one JPEG in colour turned  gray, turned by 90    a3     A3 in colour, JPEG
"""
import argparse, json, os, random, struct
from PIL import Image, ImageDraw, ImageFont
from make_pages import Words, seal_mask
import numpy as np

A1, A3 = (7016, 9933), (3508, 4961)
FACE = ('/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc', 2)
ROOMS = ['配电室', '水泵房', '计量间', '值班室', '阀门井', '变压器室', '仓库', '走廊', '楼梯间', '电缆夹层', '加药间', '机修车间']
PARTS = ['球墨铸铁管', '法兰蝶阀', '电磁流量计', '铜芯电力电缆', '低压配电柜', '角钢支架', '伸缩接头', '止回阀', '接地扁钢', '镀锌钢管']
NOTES = ['本图尺寸除标高以米计外其余均以毫米计，施工前应与现场实际核对，如有出入应及时通知设计单位处理后方可继续施工。',
         '管道安装完毕后应进行水压试验，试验压力为工作压力的一点五倍，稳压三十分钟无渗漏为合格，并做好隐蔽工程记录。',
         '电缆穿越道路及建筑物基础处应加装保护管，管口应封堵严密，弯曲半径不得小于电缆外径的十五倍。']
_faces = {}


def face(mm, dpi=300):
    px = round(mm / 25.4 * dpi)
    if px not in _faces:
        _faces[px] = ImageFont.truetype(FACE[0], px, index=FACE[1])
    return _faces[px]


class Drawing:
    def __init__(self, size, rng):
        self.im = Image.new('RGB', size, (255, 255, 255))
        self.d, self.r, self.w = ImageDraw.Draw(self.im), rng, Words(rng)
        self.lines, self.fields, self.seals = [], {}, []

    def text(self, x, y, text, mm=3.5, upright=False):
        f = face(mm)
        box = self.d.textbbox((x, y), text, font=f)
        if upright:
            # Beside a wall: read from below to above.
            w, h = box[2] - x + 8, box[3] - y + 8
            part = Image.new('RGB', (w, h), (255, 255, 255))
            ImageDraw.Draw(part).text((0, 0), text, font=f, fill=(20, 20, 20))
            self.im.paste(part.rotate(90, expand=True), (x, y))
            box = (x, y, x + h, y + w)
        else:
            self.d.text((x, y), text, font=f, fill=(20, 20, 20))
        self.lines.append({'text': text, 'box': [round(v) for v in box]})

    def frame(self):
        w, h = self.im.size
        self.d.rectangle((120, 120, w - 120, h - 120), outline=(0, 0, 0), width=9)

    def plan(self, x0, y0, x1, y1, across, down):
        """Rooms with their names, sizes and pipes; the labels keep clear of the lines."""
        w, h = (x1 - x0) / across, (y1 - y0) / down
        for row in range(down):
            for column in range(across):
                x, y = round(x0 + column * w), round(y0 + row * h)
                self.d.rectangle((x, y, x + w, y + h), outline=(30, 30, 30), width=6)
                room = f'{self.r.choice(ROOMS)}{self.r.randint(101, 988)}'
                self.text(x + round(w * .2), y + round(h * .3), room, self.r.choice([5, 7]))
                self.text(x + round(w * .2), y + round(h * .3) + 130, f'标高±{self.r.randint(0, 9)}.{self.r.randint(100, 999)}', 3.5)
                self.text(x + round(w * .2), y + round(h * .3) + 210, f'DN{self.r.choice([100, 150, 200, 300])} L={self.r.randint(1200, 9800)}', 2.5)
                if self.r.random() < .5:
                    self.text(x + 40, y + round(h * .45), f'{self.r.randint(1000, 9900)}', 3.5, upright=True)
                kind = self.r.random()
                cx, cy = x + w * .75, y + h * .7
                if kind < .3:
                    self.d.ellipse((cx - 90, cy - 90, cx + 90, cy + 90), outline=(30, 30, 30), width=4)
                elif kind < .6:
                    self.d.line((cx - 140, cy, cx + 140, cy), fill=(30, 30, 30), width=5)
                    self.d.polygon((cx - 50, cy - 40, cx + 50, cy + 40, cx + 50, cy - 40, cx - 50, cy + 40), outline=(30, 30, 30))

    def notes(self, x, y, wide):
        self.text(x, y, '施工说明', 7)
        y += 150
        for n, note in enumerate(NOTES, 1):
            # One line as wide as the sheet: it crosses every edge between tiles.
            line = f'{n}. ' + note + ''.join(other for other in NOTES if other != note)
            while face(5).getlength(line) > wide:
                line = line[:-1]
            self.text(x, y, line, 5)
            y += 110
        return y

    def block(self, x, y):
        firm, place = self.w.firm()
        no = f'{self.r.choice("SDT")}-{self.r.randint(10, 99)}-{self.w.digits(4)}'
        rows = [('建设单位', firm), ('工程名称', self.w.address(place)[:9] + '管网改造工程'), ('图名', self.r.choice(['给水管道平面布置图', '电缆敷设平面图', '泵房设备安装图'])), ('图号', no),
                ('比例', '1:' + self.r.choice(['50', '100', '200'])), ('设计', self.w.person()), ('审核', self.w.person()), ('日期', self.w.date(2024))]
        for label, value in rows:
            self.d.rectangle((x, y, x + 500, y + 140), outline=(0, 0, 0), width=5)
            self.d.rectangle((x + 500, y, x + 2100, y + 140), outline=(0, 0, 0), width=5)
            self.text(x + 40, y + 36, label, 5)
            self.text(x + 540, y + 36, value, 5)
            y += 140
        self.fields = {'firm': firm, 'number': no}
        return firm

    def parts(self, x, y, rows):
        for label, dx in (('序号', 0), ('名称', 240), ('规格', 900), ('数量', 1300)):
            self.text(x + dx + 20, y + 14, label, 3.5)
        for n in range(1, rows + 1):
            y += 80
            self.d.line((x, y, x + 1700, y), fill=(0, 0, 0), width=3)
            for value, dx in ((str(n), 0), (self.r.choice(PARTS), 240), (f'DN{self.r.choice([50, 80, 100])}', 900), (str(self.r.randint(2, 86)), 1300)):
                self.text(x + dx + 20, y + 14, value, 3.5)

    def seal(self, x, y, name):
        mask = seal_mask(name, '设计专用章', self.r)[..., None] * .8
        a = np.asarray(self.im.crop((x, y, x + mask.shape[1], y + mask.shape[0]))).astype(np.float32)
        a = a * (1 - mask) + np.minimum(a, np.array((196, 36, 46), np.float32)) * mask
        self.im.paste(Image.fromarray(a.clip(0, 255).astype(np.uint8)), (x, y))
        self.seals += [name, '设计专用章']


def a1(rng):
    d = Drawing(A1, rng)
    d.frame()
    d.plan(300, 300, 6700, 6300, 8, 9)
    d.notes(300, 6500, 6300)
    d.parts(300, 7300, 24)
    firm = d.block(4600, 8300)
    d.seal(5300, 8700, firm)
    return d


def a3(rng):
    d = Drawing(A3, rng)
    d.frame()
    d.plan(200, 200, 3300, 2700, 4, 4)
    d.notes(200, 2800, 3100)
    firm = d.block(1250, 3600)
    d.seal(2300, 3900, firm)
    return d


def tiled_fax(im, path, side=1024):
    """Group 4 in tiles: each tile is a fax page of its own. Pillow writes each, the directory is ours."""
    import io
    tiles = []
    for y in range(0, im.size[1], side):
        for x in range(0, im.size[0], side):
            part = Image.new('1', (side, side), 1)
            part.paste(im.crop((x, y, min(x + side, im.size[0]), min(y + side, im.size[1]))))
            held = io.BytesIO()
            part.save(held, 'TIFF', compression='group4', tiffinfo={278: side})
            held.seek(0)
            read = Image.open(held)
            at, count = read.tag_v2[273][0], read.tag_v2[279][0]
            assert read.tag_v2[262] in (0, 1)
            tiles.append((held.getvalue()[at:at + count], read.tag_v2[262]))
    assert len({p for _, p in tiles}) == 1
    out, places = bytearray(b'II*\0\0\0\0\0'), []
    for data, _ in tiles:
        places.append((len(out), len(data)))
        out += data + b'\0' * (len(data) % 2)
    lists = {324: [p for p, _ in places], 325: [n for _, n in places]}
    entries = [(256, 4, [im.size[0]]), (257, 4, [im.size[1]]), (258, 3, [1]), (259, 3, [4]), (262, 3, [tiles[0][1]]), (277, 3, [1]), (282, 5, [300, 1]), (283, 5, [300, 1]), (296, 3, [2]),
               (322, 4, [side]), (323, 4, [side]), (324, 4, lists[324]), (325, 4, lists[325])]
    body = b''
    directory = len(out)
    after = directory + 2 + 12 * len(entries) + 4
    head = struct.pack('<H', len(entries))
    for tag, kind, values in entries:
        data = b''.join(struct.pack({3: '<H', 4: '<I', 5: '<I'}[kind], v) for v in values)
        count = len(values) // (2 if kind == 5 else 1)
        if len(data) <= 4:
            head += struct.pack('<HHI', tag, kind, count) + data.ljust(4, b'\0')
        else:
            head += struct.pack('<HHII', tag, kind, count, after + len(body))
            body += data
    out += head + b'\0\0\0\0' + body
    out[4:8] = struct.pack('<I', directory)
    with open(path, 'wb') as f:
        f.write(out)


def jpeg_pdf(im, path):
    """A PDF whose page is one JPEG."""
    im.save(path, 'PDF', resolution=300, quality=85)


def main():
    ap = argparse.ArgumentParser(description='makes large drawings with known text')
    ap.add_argument('out')
    ap.add_argument('--seed', type=int, default=1)
    ap.add_argument('--kinds', default='gray,fax,tiled,colour,turned,a3')
    arg = ap.parse_args()
    os.makedirs(arg.out, exist_ok=True)
    meta = []
    for n, kind in enumerate(arg.kinds.split(',')):
        d = (a3 if kind == 'a3' else a1)(random.Random(f'{arg.seed} {kind}'))
        name = f'drawing{arg.seed}{kind}'
        gray = d.im.convert('L')
        if kind == 'colour':
            file = f'{name}.pdf'
            jpeg_pdf(d.im, os.path.join(arg.out, file))
        elif kind == 'fax':
            file = f'{name}.tif'
            gray.point(lambda v: 255 if v > 150 else 0).convert('1').save(os.path.join(arg.out, file), compression='group4', dpi=(300, 300))
        elif kind == 'tiled':
            file = f'{name}.tif'
            tiled_fax(gray.point(lambda v: 255 if v > 150 else 0).convert('1'), os.path.join(arg.out, file))
        elif kind == 'a3':
            file = f'{name}.jpg'
            d.im.save(os.path.join(arg.out, file), quality=85, dpi=(300, 300))
        else:
            file = f'{name}.jpg'
            (gray.rotate(-90, expand=True) if kind == 'turned' else gray).save(os.path.join(arg.out, file), quality=85, dpi=(300, 300))
        with open(os.path.join(arg.out, name + '.gt.json'), 'w', encoding='utf-8') as f:
            json.dump({'name': name, 'kind': '', 'lines': d.lines, 'fields': d.fields, 'seals': d.seals}, f, ensure_ascii=False, indent=0)
        meta.append({'file': file, 'page': name, 'kind': '', 'cond': kind, 'size': list(d.im.size)})
    with open(os.path.join(arg.out, 'meta.json'), 'w', encoding='utf-8') as f:
        json.dump(meta, f, ensure_ascii=False, indent=0)
    print(f'{len(meta)} drawings in {arg.out}')


if __name__ == '__main__':
    main()
