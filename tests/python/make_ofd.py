#!/usr/bin/env python3
"""Makes small OFD files (GB/T 33190) as electronic invoices are: a template, text with distances, a picture, an annotation,
a stamp, a signature over digests, an attached file.

usage: make_ofd.py OUT [--seed S]

Writes invoice.ofd; changed.ofd, of which a page was changed after it was signed; and image.ofd, a scan. The same seed
gives the same bytes. Those in reading/tests/ofd and tests/seeds were made by it. Python standard library only.
"""
import argparse, base64, binascii, hashlib, os, random, struct, zipfile, zlib

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
SPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'


def png(width, height, dark):
    """A gray picture; `dark` says where it is dark."""
    rows = b''.join(b'\0' + bytes(20 if dark(x, y) else 255 for x in range(width)) for y in range(height))
    chunk = lambda kind, data: struct.pack('>I', len(data)) + kind + data + struct.pack('>I', binascii.crc32(kind + data))
    head = struct.pack('>IIBBBBB', width, height, 8, 0, 0, 0, 0)
    return b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', head) + chunk(b'IDAT', zlib.compress(rows, 9)) + chunk(b'IEND', b'')


def text(number, x, y, words, size=4, step='', more=''):
    """A text object with its words one after the other, letters half as wide as Han characters."""
    steps = step or ' '.join('%g' % (size if ord(c) > 0x2000 else size / 2) for c in words[:-1])
    words = words.replace('&', '&amp;').replace('<', '&lt;')
    return (f'<ofd:TextObject ID="{number}" Boundary="{x} {y} 120 {size * 1.5:g}" Font="2" Size="{size}"{more}>'
            f'<ofd:TextCode X="0" Y="{size}" DeltaX="{steps}">{words}</ofd:TextCode></ofd:TextObject>')


def page(objects, template=''):
    return (f'{HEAD}<ofd:Page {SPACE}>{template}<ofd:Area><ofd:PhysicalBox>0 0 210 140</ofd:PhysicalBox></ofd:Area>'
            f'<ofd:Content><ofd:Layer ID="20" Type="Body">{"".join(objects)}</ofd:Layer></ofd:Content></ofd:Page>')


def line(number, x0, y0, x1, y1):
    return (f'<ofd:PathObject ID="{number}" Boundary="{x0} {y0} {x1 - x0 + 1} {y1 - y0 + 1}" LineWidth="0.3">'
            f'<ofd:StrokeColor Value="128 0 0"/><ofd:AbbreviatedData>M 0 0 L {x1 - x0} {y1 - y0}</ofd:AbbreviatedData></ofd:PathObject>')


def der(tag, content):
    size = len(content)
    length = bytes([size]) if size < 128 else b'\x82' + struct.pack('>H', size)
    return bytes([tag]) + length + content


def seal(picture, digest):
    """As much of an electronic seal as is read: a picture, and the digest of the list of digests."""
    number = lambda value: der(2, bytes([value]))
    info = der(0x30, der(0x16, b'png') + der(4, picture) + number(30) + number(30))
    return der(0x30, der(0x30, number(4) + der(0x30, info) + der(3, b'\0' + digest)) + der(3, b'\0' + bytes(64)))


def invoice(seed, changed):
    rng = random.Random(seed)
    number = '%08d' % rng.randrange(10 ** 8)
    files = {}
    files['OFD.xml'] = (f'{HEAD}<ofd:OFD {SPACE} DocType="OFD" Version="1.0"><ofd:DocBody><ofd:DocInfo><ofd:DocID>{number}</ofd:DocID>'
                        '</ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot>'
                        '<ofd:Signatures>/Doc_0/Signs/Signatures.xml</ofd:Signatures></ofd:DocBody></ofd:OFD>')
    files['Doc_0/Document.xml'] = (f'{HEAD}<ofd:Document {SPACE}><ofd:CommonData><ofd:MaxUnitID>99</ofd:MaxUnitID><ofd:PageArea>'
                                   '<ofd:PhysicalBox>0 0 210 140</ofd:PhysicalBox></ofd:PageArea><ofd:PublicRes>PublicRes.xml</ofd:PublicRes>'
                                   '<ofd:TemplatePage ID="9" BaseLoc="Tpls/Tpl_0/Content.xml"/></ofd:CommonData>'
                                   '<ofd:Pages><ofd:Page ID="10" BaseLoc="Pages/Page_0/Content.xml"/></ofd:Pages>'
                                   '<ofd:Annotations>Annots/Annotations.xml</ofd:Annotations>'
                                   '<ofd:Attachments>Attachs/Attachments.xml</ofd:Attachments></ofd:Document>')
    files['Doc_0/PublicRes.xml'] = (f'{HEAD}<ofd:Res {SPACE} BaseLoc="Res"><ofd:ColorSpaces><ofd:ColorSpace ID="1" Type="RGB"/></ofd:ColorSpaces>'
                                    '<ofd:Fonts><ofd:Font ID="2" FontName="宋体" FamilyName="宋体"/></ofd:Fonts>'
                                    '<ofd:MultiMedias><ofd:MultiMedia ID="3" Type="Image"><ofd:MediaFile>code.png</ofd:MediaFile></ofd:MultiMedia></ofd:MultiMedias></ofd:Res>')
    files['Doc_0/Res/code.png'] = png(40, 40, lambda x, y: x // 4 % 2 == y // 4 % 2)
    frame = [line(30, 10, 40, 200, 40), line(31, 10, 70, 200, 70), line(32, 10, 40, 10, 70), line(33, 200, 40, 200, 70)]
    files['Doc_0/Tpls/Tpl_0/Content.xml'] = page([text(40, 70, 8, '电子发票样张', 6), text(41, 14, 44, '购买方名称：'), *frame])
    body = [
        text(50, 40, 44, '清河水泵有限公司'),
        # Eight digits at equal distances, as programs of the tax office write them.
        text(51, 150, 8, number, 4, 'g 7 2'),
        text(52, 14, 56, '价税合计 ' + ('9526.00' if changed else '4526.00')),
        # Upright in a column, and turned by a matrix.
        '<ofd:TextObject ID="53" Boundary="203 75 6 40" Font="2" Size="4"><ofd:TextCode X="0" Y="4" DeltaX="g 3 0" DeltaY="g 3 4">记账凭证</ofd:TextCode></ofd:TextObject>',
        text(54, 30, 90, 'Margin 5512', 4, '', ' CTM="0 1 -1 0 0 0"'),
        '<ofd:ImageObject ID="55" ResourceID="3" Boundary="10 8 20 20" CTM="20 0 0 20 0 0"/>',
    ]
    files['Doc_0/Pages/Page_0/Content.xml'] = page(body, '<ofd:Template TemplateID="9" ZOrder="Background"/>')
    files['Doc_0/Annots/Annotations.xml'] = f'{HEAD}<ofd:Annotations {SPACE}><ofd:Page PageID="10"><ofd:FileLoc>Page_0/Annotation.xml</ofd:FileLoc></ofd:Page></ofd:Annotations>'
    files['Doc_0/Annots/Page_0/Annotation.xml'] = (f'{HEAD}<ofd:PageAnnot {SPACE}><ofd:Annot Type="Stamp" ID="60"><ofd:Appearance Boundary="60 80 80 10">'
                                                   + text(61, 0, 0, '已报销') + '</ofd:Appearance></ofd:Annot></ofd:PageAnnot>')
    files['Doc_0/Attachs/Attachments.xml'] = (f'{HEAD}<ofd:Attachments {SPACE}><ofd:Attachment ID="1" Name="original_invoice" Format="xml">'
                                              '<ofd:FileLoc>invoice.xml</ofd:FileLoc></ofd:Attachment></ofd:Attachments>')
    files['Doc_0/Attachs/invoice.xml'] = f'{HEAD}<invoice number="{number}"/>'
    return files


def signed(files, original):
    """Adds a signature over the digests of the original."""
    digest = lambda data: base64.b64encode(hashlib.sha256(data if isinstance(data, bytes) else data.encode()).digest()).decode()
    references = ''.join(f'<ofd:Reference FileRef="/{name}"><ofd:CheckValue>{digest(data)}</ofd:CheckValue></ofd:Reference>' for name, data in original.items())
    signature = (f'{HEAD}<ofd:Signature {SPACE}><ofd:SignedInfo><ofd:Provider ProviderName="made up"/>'
                 f'<ofd:References CheckMethod="SHA256">{references}</ofd:References>'
                 '<ofd:StampAnnot ID="1" PageRef="10" Boundary="150 85 30 30"/></ofd:SignedInfo>'
                 '<ofd:SignedValue>SignedValue.dat</ofd:SignedValue></ofd:Signature>')
    ring = png(90, 90, lambda x, y: 38 ** 2 < (x - 45) ** 2 + (y - 45) ** 2 < 43 ** 2)
    files['Doc_0/Signs/Signatures.xml'] = f'{HEAD}<ofd:Signatures {SPACE}><ofd:Signature ID="1" Type="Seal" BaseLoc="Sign_0/Signature.xml"/></ofd:Signatures>'
    files['Doc_0/Signs/Sign_0/Signature.xml'] = signature
    files['Doc_0/Signs/Sign_0/SignedValue.dat'] = seal(ring, hashlib.sha256(signature.encode()).digest())
    return files


def scan(picture):
    files = invoice(0, False)
    keep = {'Doc_0/PublicRes.xml', 'Doc_0/Res/code.png'}
    files['OFD.xml'] = files['OFD.xml'].replace('<ofd:Signatures>/Doc_0/Signs/Signatures.xml</ofd:Signatures>', '')
    document = files['Doc_0/Document.xml']
    files['Doc_0/Document.xml'] = document[:document.index('<ofd:Annotations>')] + '</ofd:Document>'
    body = '<ofd:ImageObject ID="55" ResourceID="3" Boundary="0 0 190 60" CTM="190 0 0 60 0 0"/>'
    files['Doc_0/Pages/Page_0/Content.xml'] = page([body]).replace('0 0 210 140', '0 0 190 60')
    files['Doc_0/Res/code.png'] = picture
    return {name: data for name, data in files.items() if not name.startswith(('Doc_0/Annots', 'Doc_0/Attachs', 'Doc_0/Tpls')) or name in keep}


def write(path, files):
    with zipfile.ZipFile(path, 'w', zipfile.ZIP_DEFLATED) as package:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(entry, data)


def main():
    asked = argparse.ArgumentParser()
    asked.add_argument('out')
    asked.add_argument('--seed', type=int, default=7)
    asked = asked.parse_args()
    os.makedirs(asked.out, exist_ok=True)
    path = lambda name: os.path.join(asked.out, name)
    whole = invoice(asked.seed, False)
    write(path('invoice.ofd'), signed(dict(whole), whole))
    write(path('changed.ofd'), signed(invoice(asked.seed, True), whole))
    formats = os.path.join(os.path.dirname(__file__), '../../reading/tests/formats/gray.png')
    write(path('image.ofd'), scan(open(formats, 'rb').read()))


if __name__ == '__main__':
    main()
