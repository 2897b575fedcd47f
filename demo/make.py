#!/usr/bin/env python3
"""Makes the bundled sample archive: scans, customers, locations, manifest and the truth about them.

usage: make.py [--seed N] [--out DIR]

Everything in it is invented: people, companies, numbers and seals. Identifiers have valid check digits but stand in
regions that were never assigned (1199xx, 4499xx), and telephone numbers use the 1380000xxxx and 555 ranges.
Needs python3 with pillow, numpy, reportlab and pikepdf, and the Debian packages fonts-noto-cjk, fonts-wqy-zenhei,
fonts-arphic-uming and fonts-arphic-ukai. The product never runs this file: its output is committed, so that the demo
archive is the same on every machine. The same seed gives the same pages; only the encrypted PDF differs in its salt.
"""
import argparse, csv, hashlib, io, json, math, os, random, shutil, sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from paper import Paper, scan, seal, pdf_born, pdf_scanned, tiff_g4, page_jpeg, page_png
import forms
from people import CUSTOMERS, LOCATIONS, OWN, STRANGER

HERE = os.path.dirname(os.path.abspath(__file__))


class Archive:
    """Collects files with what must become of them."""

    def __init__(self, out, seed):
        self.out, self.rng, self.files, self.manifest = out, random.Random(seed), [], []
        self.seed = seed

    def put(self, path, data, pages, outcome, how, customer=None, reason=None, line=None, document=None, sequence=None, same_as=None):
        full = os.path.join(self.out, 'scans', path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, 'wb') as f:
            f.write(data)
        self.files.append(dict(
            path=path, sha256=hashlib.sha256(data).hexdigest(), bytes=len(data), outcome=outcome, reason=reason, how=how,
            customer_code=customer, location_code=(line or {}).get('location_code') or None, kind=(line or {}).get('kind') or None,
            document=document, sequence=sequence, duplicate_of=same_as,
            pages=[dict(condition=p.condition, fields=p.fields, lines=p.lines) for p in pages]))
        if line is not None:
            self.announce(path, document=document, sequence=sequence, **line)

    def announce(self, path, **known):
        self.manifest.append(dict(path=path, **{k: v for k, v in known.items() if v is not None}))


def build(a):
    c = {x['code']: x for x in CUSTOMERS}
    r = a.rng

    # 1 and 2: twins by name, one character apart; both contracts scanned to PDF with a red seal on the last page.
    first = None
    for code, no, dpi in (('KH-0001', 'HT-2024-0117', 200), ('KH-0002', 'HT-2024-0118', 150)):
        pages = forms.service_contract(c[code], OWN, no, '2024-01-17' if code == 'KH-0001' else '2024-02-26', r)
        images = [scan(p, r, dpi=dpi, skew=.4, gray=not p.seals, condition='scan') for p in pages]
        data = pdf_scanned(images, dpi, quality=38)
        path = f'2024-合同/{no}.pdf'
        a.put(path, data, pages, 'filed', 'manifest', code, line=dict(
            customer_code=code, customer_name=c[code]['name'], kind='contract', title=f'{pages[0].title}', number=no,
            date=pages[0].date, location_code='K1-01-A-1-01', security_level='1', page_count=str(len(pages)), original='原件'))
        first = first or (path, data, pages)

    # 3: a lease of four pages, black and white, as one multi-page TIFF.
    pages = forms.lease(c['KH-0003'], OWN, 'ZL-2023-0042', '2023-06', r)
    a.put('2023-租赁/ZL-2023-0042.tif', tiff_g4([scan(p, r, dpi=200, skew=.3, gray=True, condition='bilevel') for p in pages], 200), pages, 'filed', 'manifest', 'KH-0003', line=dict(
        customer_code='KH-0003', customer_name=c['KH-0003']['name'], kind='lease_contract', title='房屋租赁合同', number='ZL-2023-0042', date='2023-06',
        location_code='K1-01-A-1-02', security_level='1', page_count='4', original='原件'))

    # 4: a born-digital supply contract with a table.
    pages = forms.supply_contract(c['KH-0004'], OWN, 'GYD-2025-0009', '2025-03-05', r)
    a.put('2025-供用电/GYD-2025-0009.pdf', pdf_born(pages), pages, 'filed', 'manifest', 'KH-0004', line=dict(
        customer_code='KH-0004', customer_name=c['KH-0004']['name'], kind='supply_contract', title='高压供用电合同', number='GYD-2025-0009', date='2025-03-05',
        location_code='K1-02-B-3-04', security_level='1', page_count='4', original='原件'))

    # 5: a born-digital amendment without a manifest line: the customer's credit code stands on it, the other one is our own.
    pages = forms.amendment(c['KH-0006'], OWN, 'BC-2025-0031', '2025-04-18', r)
    a.put('2025-供用电/补充协议-BC-2025-0031.pdf', pdf_born(pages), pages, 'filed', 'credit_code', 'KH-0006')

    # 6: an agreement that names two customers: a person must say whose it is.
    pages = forms.transfer_agreement(c['KH-0001'], c['KH-0002'], OWN, 'ZR-2024-0007', '2024-09-02', r)
    a.put('2024-合同/权利义务转让协议.pdf', pdf_scanned([scan(p, r, dpi=150, skew=.5, gray=not p.seals, condition='scan') for p in pages], 150, quality=40), pages,
          'needs_review', 'two_customers', None, reason=['customer_ambiguous'])

    # 7: one contract delivered as a file for each page.
    pages = forms.building_contract(c['KH-0005'], OWN, 'SG-2022-0015', '2022-11-08', r)
    for n, p in enumerate(pages, 1):
        a.put(f'逐页交付/SG-2022-0015_{n:03d}.jpg', page_jpeg(scan(p, r, dpi=150, skew=.5, gray=not p.seals, condition='scan'), 150, 38), [p], 'filed', 'manifest', 'KH-0005',
              document='SG-2022-0015', sequence=str(n), line=dict(
                  customer_code='KH-0005', customer_name=c['KH-0005']['name'], kind='contract', title='配电房土建工程施工合同', number='SG-2022-0015', date='2022-11-08',
                  location_code='K1-02-B-3-05', security_level='1', page_count='4', original='复印件'))

    # 8 to 11: licences, in colour, gray, as PDF and as G4 TIFF.
    p = forms.licence(c['KH-0001'], '2018-05-21', r)
    a.put('证照/营业执照-华宸智汇.jpg', page_jpeg(scan(p, r, dpi=150, skew=.3, condition='colour'), 150, 42), [p], 'filed', 'manifest', 'KH-0001', line=dict(
        customer_code='KH-0001', customer_name=c['KH-0001']['name'], kind='business_licence', title='营业执照（副本）', number=c['KH-0001']['credit_code'], date='2018-05-21',
        location_code='K1-01-A-1-01', security_level='0', page_count='1', original='复印件'))
    p = forms.licence(c['KH-0002'], '2019-08-09', r)
    a.put('证照/营业执照-华宸智惠.png', page_png(scan(p, r, dpi=150, skew=0, gray=True, condition='clean'), 150, levels=8), [p], 'filed', 'manifest', 'KH-0002', line=dict(
        customer_code='KH-0002', customer_name=c['KH-0002']['name'], kind='business_licence', title='营业执照（副本）', number=c['KH-0002']['credit_code'], date='2019-08-09',
        location_code='K1-01-A-1-01', security_level='0', page_count='1', original='复印件'))
    p = forms.licence(c['KH-0003'], '2016-03-30', r)
    a.put('证照/执照扫描件.pdf', pdf_scanned([scan(p, r, dpi=150, skew=.6, condition='colour')], 150, quality=40), [p], 'filed', 'credit_code', 'KH-0003')
    p = forms.food_permit(c['KH-0007'], '2021-10-12', r)
    a.put('证照/食品经营许可证.png', page_png(scan(p, r, dpi=150, skew=0, condition='clean'), 150, levels=64), [p], 'filed', 'manifest', 'KH-0007', line=dict(
        customer_code='KH-0007', customer_name=c['KH-0007']['name'], kind='capability_proof', title='食品经营许可证', number='JY19901060012345', date='2021-10-12',
        location_code='三楼-A柜-02', security_level='0', page_count='1', original='复印件'))

    # 12 to 16: two-sided application forms of households; the folder or the number on the page says whose.
    pages = forms.power_application(c['0512003871'], '2023-04-11', r)
    a.put('用电申请/0512003871/用电申请表.pdf', pdf_scanned([scan(p, r, dpi=200, skew=.4, gray=True, condition='scan') for p in pages], 200, quality=30), pages, 'filed', 'folder', '0512003871')
    pages = forms.power_application(c['0512007714'], '2024-07-03', r)
    a.put('用电申请/0512007714/用电申请表.tif', tiff_g4([scan(p, r, dpi=200, skew=.3, gray=True, condition='bilevel') for p in pages], 200), pages, 'filed', 'folder', '0512007714')
    pages = forms.power_application(c['0512005118'], '2022-12-20', r)
    a.put('用电申请/待归档-001.tif', tiff_g4([scan(p, r, dpi=200, skew=.5, gray=True, condition='bilevel') for p in pages], 200), pages, 'filed', 'account_no', '0512005118')
    pages = forms.power_application(c['0512006042'], '2025-01-09', r)
    a.put('用电申请/待归档-002.pdf', pdf_born(pages), pages, 'filed', 'account_no', '0512006042')
    p = forms.change_form(c['0512003871'], '2025-02-14', r)
    a.put('用电申请/待归档-003.jpg', page_jpeg(scan(p, r, dpi=150, skew=.5, gray=True, condition='scan'), 150, 40), [p], 'needs_review', 'person_with_two_accounts', None, reason=['customer_ambiguous'])

    # 17 and 18: company forms.
    pages = forms.credit_application(c['KH-0008'], '2024-05-13', r)
    a.put('申请表/KH-0008/客户信用申请表.pdf', pdf_scanned([scan(p, r, dpi=150, skew=.4, gray=not p.seals, condition='scan') for p in pages], 150, quality=42), pages, 'filed', 'folder', 'KH-0008')
    pages = forms.credit_application(c['KH-0007'], '2024-03-28', r)
    a.put('申请表/客户信用申请表-鼎盛聚力.tif', tiff_g4([scan(p, r, dpi=200, skew=.4, gray=True, condition='bilevel') for p in pages], 200), pages, 'filed', 'manifest', 'KH-0007', line=dict(
        customer_code='KH-0007', customer_name=c['KH-0007']['name'], kind='credit_application', title='客户信用申请表', number='XS-2024-0328', date='2024-03-28',
        location_code='三楼-A柜-02', security_level='1', page_count='2', original='原件'))

    # 19 to 25: letters, a power of attorney, certificates.
    p = forms.letter(c['KH-0004'], OWN, '2025-05-06', 'code', r)
    a.put('信函/来函-20250506.jpg', page_jpeg(scan(p, r, dpi=150, skew=.6, gray=True, condition='scan'), 150, 40), [p], 'filed', 'customer_code', 'KH-0004')
    p = forms.letter(STRANGER, OWN, '2025-05-19', 'none', r)
    a.put('信函/来函-20250519.png', page_png(scan(p, r, dpi=200, skew=.3, gray=True, condition='bilevel'), 200, levels=2), [p], 'needs_review', 'manifest', None, reason=['customer_unknown'], line=dict(
        customer_code='KH-0999', customer_name=STRANGER['name'], kind='correspondence', title='关于更换联系人的函', date='2025-05-19', location_code='三楼-A柜-02', page_count='1', original='原件'))
    p = forms.letter(c['KH-0002'], OWN, '2025-06-11', 'name', r)
    a.put('信函/来函-20250611.pdf', pdf_scanned([scan(p, r, dpi=150, skew=.5, gray=True, condition='scan')], 150, quality=40), [p], 'needs_review', 'name_only', None, reason=['customer_missing', 'customer_ambiguous'])
    p = forms.notice(OWN, '2025-06-20', r)
    a.put('信函/停电检修通知.pdf', pdf_born([p]), [p], 'needs_review', 'nobody', None, reason=['customer_missing'])
    p = forms.power_of_attorney(c['KH-0005'], '2022-11-01', r)
    a.put('证照/授权委托书.jpg', page_jpeg(scan(p, r, dpi=150, skew=.5, condition='colour'), 150, 40), [p], 'filed', 'manifest', 'KH-0005', line=dict(
        customer_code='KH-0005', customer_name=c['KH-0005']['name'], kind='power_of_attorney', title='授权委托书', date='2022-11-01', location_code='K1-02-B-3-05', security_level='1', page_count='1', original='原件'))
    p = forms.honour(c['KH-0006'], '2023-12', r)
    a.put('证照/荣誉证书.png', page_png(scan(p, r, dpi=150, skew=0, condition='clean'), 150, levels=64), [p], 'filed', 'manifest', 'KH-0006', line=dict(
        customer_code='KH-0006', customer_name=c['KH-0006']['name'], kind='honour_certificate', title='荣誉证书', date='2023-12', location_code='SAFE-01', security_level='0', page_count='1', original='原件'))
    p = forms.title_certificate(c['KH-0008'], '2020-09-17', r)
    a.put('证照/不动产权证书.jpg', page_jpeg(scan(p, r, dpi=150, skew=.4, condition='colour'), 150, 40), [p], 'needs_review', 'manifest', 'KH-0008', reason=['location_unknown'], line=dict(
        customer_code='KH-0008', customer_name=c['KH-0008']['name'], kind='title_certificate', title='不动产权证书', number='粤（2020）云岭市不动产权第0090017号', date='2020-09-17',
        location_code='K9-09-Z-9-99', security_level='2', page_count='1', original='原件'))

    # The same bytes under another name, one that cannot be opened, one announced and not delivered, and litter.
    path, data, pages = first
    a.put('补扫/HT-2024-0117 副本.pdf', data, pages, 'duplicate', 'same_bytes', None, same_as=path)
    pages = [forms.letter(c['KH-0003'], OWN, '2025-07-01', 'code', r)]
    a.put('问题件/加密合同.pdf', encrypt(pdf_born(pages)), [], 'rejected', 'encrypted', None, reason=['encrypted'])
    a.announce('2024-合同/HT-2024-0121.pdf', customer_code='KH-0006', customer_name=c['KH-0006']['name'], kind='contract', title='信息系统运维服务合同', number='HT-2024-0121', date='2024-04-22', page_count='3')
    with open(os.path.join(a.out, 'scans', '证照', 'Thumbs.db'), 'wb') as f:
        f.write(b'litter of a file browser, not a scan\n')


def encrypt(data):
    import pikepdf
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(user='not-in-the-archive', owner='not-in-the-archive', R=6))
    return out.getvalue()


MANIFEST = 'path,document,sequence,customer_code,customer_name,kind,title,number,date,location_code,security_level,page_count,original'.split(',')
CUSTOMER = 'code,name,kind,credit_code,id_number,phones,account_no,address,status,grade,region'.split(',')
LOCATION = 'code,name,kind,capacity,keeper'.split(',')


def table(path, columns, rows):
    with open(path, 'w', encoding='utf-8', newline='') as f:
        w = csv.DictWriter(f, columns, restval='', lineterminator='\n', extrasaction='ignore')
        w.writeheader()
        w.writerows(rows)


def main():
    ap = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    ap.add_argument('--seed', type=int, default=20260101)
    ap.add_argument('--out', default=HERE)
    arg = ap.parse_args()
    shutil.rmtree(os.path.join(arg.out, 'scans'), ignore_errors=True)
    os.makedirs(os.path.join(arg.out, 'scans', '证照'))
    a = Archive(arg.out, arg.seed)
    build(a)
    table(os.path.join(arg.out, 'scans', 'manifest.csv'), MANIFEST, a.manifest)
    table(os.path.join(arg.out, 'customers.csv'), CUSTOMER, CUSTOMERS)
    table(os.path.join(arg.out, 'locations.csv'), LOCATION, LOCATIONS)
    count = {o: sum(f['outcome'] == o for f in a.files) for o in ('filed', 'needs_review', 'duplicate', 'rejected')}
    pages = sum(len(f['pages']) for f in a.files if f['outcome'] in ('filed', 'needs_review'))
    with open(os.path.join(arg.out, 'expected.json'), 'w', encoding='utf-8') as f:
        json.dump(dict(seed=arg.seed, found=len(a.files), **count, pages=pages, ignored=['manifest.csv', '证照/Thumbs.db'],
                       missing_from_delivery=['2024-合同/HT-2024-0121.pdf'], files=a.files), f, ensure_ascii=False, indent=1)
        f.write('\n')
    size = sum(x['bytes'] for x in a.files)
    print(f"{len(a.files)} files, {pages} pages, {size / 1e6:.2f} MB, {count}")


if __name__ == '__main__':
    main()
