#!/usr/bin/env python3
"""Makes page images with known text, to see how well pages are read that nobody has tuned to.

usage: make_pages.py OUT [--seed N] [--pages N] [--templates A,B] [--conditions A,B]

Each page is written in ten templates (letter, lease, authority, application form, notice, acceptance sheet, data sheet, agreement, quotation,
report), each in another face and with other words for each seed, and delivered in the conditions below. Everything is synthetic. OUT gets the
images, NAME.gt.json (lines in reading order with boxes, fields, kind, and the text of seals) and meta.json, as `score_set.py` wants them.

conditions: clean scan red gray bilevel skew turn90 turn180 turn270 photo fax copier stain faded, and on request written (a signature, a note and a
scribble by hand, which nobody reads: such pages must ask for a look, see score_set.py) and those that have red and no seal: fringe (letters of a screen
with coloured edges), redhead (a letterhead), redtable (print and rules in red), logo, warm (a photograph in warm light); and redfaint, reddark: seals
that are hard to tell from paper or print (what seals cost is counted by score_seals.py)
Needs Pillow, numpy and the font noto-cjk; where arphic and wqy are missing, it stands in for them and the pages are others.
"""
import argparse, json, math, os, random
import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

WIDE, HIGH = 2480, 3508
FONTS = {
    'song': ('/usr/share/fonts/truetype/arphic/uming.ttc', 0),
    'kai': ('/usr/share/fonts/truetype/arphic/ukai.ttc', 0),
    'round': ('/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc', 0),
    'serif': ('/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc', 2),
    'serif_bold': ('/usr/share/fonts/opentype/noto/NotoSerifCJK-Bold.ttc', 2),
    'sans': ('/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc', 2),
    'sans_bold': ('/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc', 2),
}
FONTS = {name: at if os.path.exists(at[0]) else ('/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc', 2) for name, at in FONTS.items()}
BODIES = ['song', 'serif', 'sans', 'kai', 'round']
INK = (22, 22, 24)
CLOSING = '，。；：、）”！》'
CREDIT = '0123456789ABCDEFGHJKLMNPQRTUWXY'
_faces = {}


def face(name, px):
    if (name, px) not in _faces:
        path, index = FONTS[name]
        _faces[name, px] = ImageFont.truetype(path, px, index=index)
    return _faces[name, px]


class Words:
    """Names, numbers and sums that agree with themselves."""
    SURNAMES = '欧秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛范彭郎鲁韦昌马苗凤花方俞任袁柳'
    GIVEN = '建国志强秀英海燕文博雅静子轩梦洁春梅德胜玉兰振宇丽娜俊杰晓东美玲永康'
    PLACES = [('宁波市', '鄞州区', '330212'), ('无锡市', '滨湖区', '320211'), ('佛山市', '禅城区', '440604'), ('青岛市', '崂山区', '370212'), ('长沙市', '岳麓区', '430104')]
    STREETS = ['宁穿路', '太湖大道', '汾江中路', '香港东路', '枫林三路', '金山南街', '和平里', '朝阳支路']
    FIRMS = ['远洋', '百川', '万通', '宏图', '长青', '立信', '同济', '光明', '新华', '大成']
    TRADES = ['食品加工', '纺织', '精密机械', '物业管理', '餐饮服务', '冷链物流', '印刷包装', '农产品']

    def __init__(self, rng):
        self.r = rng

    def digits(self, n):
        return ''.join(self.r.choice('0123456789') for _ in range(n))

    def person(self):
        return self.r.choice(self.SURNAMES) + ''.join(self.r.sample(self.GIVEN, self.r.choice([1, 2, 2])))

    def firm(self):
        place = self.r.choice(self.PLACES)
        return place[0][:-1] + self.r.choice(self.FIRMS) + self.r.choice(self.TRADES) + self.r.choice(['有限公司', '有限责任公司', '厂']), place

    def address(self, place):
        return f'{place[0]}{place[1]}{self.r.choice(self.STREETS)}{self.r.randint(1, 988)}号{self.r.randint(1, 28)}幢{self.r.randint(101, 2906)}室'

    def credit(self, place):
        s = '91' + place[2] + ''.join(self.r.choice(CREDIT) for _ in range(9))
        weights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]
        return s + CREDIT[(31 - sum(CREDIT.index(a) * b for a, b in zip(s, weights)) % 31) % 31]

    def identity(self, place):
        s = f'{place[2]}{self.r.randint(1958, 2001)}{self.r.randint(1, 12):02d}{self.r.randint(1, 28):02d}{self.digits(3)}'
        return s + '10X98765432'[sum(int(c) * (2 ** (17 - i) % 11) for i, c in enumerate(s)) % 11]

    def phone(self):
        return self.r.choice(['133', '151', '176', '189', '198']) + self.digits(8)

    def date(self, year=None):
        return f'{year or self.r.randint(2012, 2025)}年{self.r.randint(1, 12)}月{self.r.randint(1, 28)}日'

    def sum(self):
        return self.r.choice([self.r.randint(3, 99) * 1000, self.r.randint(120, 999) * 10000, self.r.randint(1001, 98765)])


def capital(n):
    """A whole sum in the capital numerals of cheques."""
    digit, unit, group = '零壹贰叁肆伍陆柒捌玖', ['', '拾', '佰', '仟'], ['', '万', '亿']
    out, zero, places = '', False, [int(c) for c in str(n)]
    for i, d in enumerate(places):
        p = len(places) - 1 - i
        if d:
            out += ('零' if zero else '') + digit[d] + unit[p % 4]
            zero = False
        else:
            zero = bool(out)
        if p % 4 == 0 and any(places[max(0, i - 3):i + 1]):
            out += group[p // 4]
            zero = False if d else zero
    return out + '元整'


class Page:
    """One page drawn in pixels, with what stands on it in reading order."""

    def __init__(self, name, kind, body):
        self.name, self.kind, self.body = name, kind, body
        self.im = Image.new('RGB', (WIDE, HIGH), (255, 255, 255))
        self.d = ImageDraw.Draw(self.im)
        self.lines, self.fields, self.seals = [], {}, []

    def text(self, x, y, text, size=46, font=None, middle=False):
        f = face(font or self.body, size)
        if middle:
            x -= f.getlength(text) / 2
        self.d.text((x, y), text, font=f, fill=INK)
        self.lines.append({'text': text, 'box': [round(v) for v in self.d.textbbox((x, y), text, font=f)]})
        return x + f.getlength(text)

    def title(self, y, text, size=84):
        self.text(WIDE / 2, y, text, size, 'serif_bold' if self.body in ('song', 'serif', 'kai') else 'sans_bold', middle=True)

    def para(self, y, text, x=300, w=1880, size=46, lead=1.75, indent=2):
        line, first = '', True
        f = face(self.body, size)
        for c in text:
            room = w - (indent * size if first else 0)
            if f.getlength(line + c) > room and c not in CLOSING:
                self.text(x + (indent * size if first else 0), y, line, size)
                y, line, first = y + round(size * lead), '', False
            line += c
        self.text(x + (indent * size if first else 0), y, line, size)
        return y + round(size * lead)

    def grid(self, x, y, widths, rows, high=96, size=42):
        """A ruled table, a row at a time; a cell that is too narrow is written in two lines."""
        for row in rows:
            at = x
            for n, cell in enumerate(row):
                wide = widths[n] if n < len(row) - 1 else x + sum(widths) - at
                self.d.rectangle((at, y, at + wide, y + high), outline=(30, 30, 30), width=3)
                f = face(self.body, size)
                if cell and f.getlength(cell) > wide - 40:
                    cut = next(k for k in range(len(cell), 0, -1) if f.getlength(cell[:k]) <= wide - 40)
                    self.text(at + 20, y + high * .07, cell[:cut], round(size * .9))
                    self.text(at + 20, y + high * .52, cell[cut:], round(size * .9))
                elif cell:
                    self.text(at + 24, y + (high - size * 1.2) / 2, cell, size)
                at += wide
            y += high
        return y

    def columns(self, y, left, right, at=(300, 1330), step=92):
        """Two blocks beside each other, each to be read on its own."""
        for x, block in zip(at, (left, right)):
            for n, line in enumerate(block):
                self.text(x, y + n * step, line)
        return y + max(len(left), len(right)) * step

    def seal(self, x, y, name, below):
        self.seals.append((x, y, name, below))


def letter(p, w):
    to, place = w.firm()
    own, _ = w.firm()
    p.kind = 'correspondence'
    p.title(330, f'关于调整{w.r.choice(["抄表例日", "缴费方式", "联系人"])}的函')
    number = f'{w.r.choice(["甬电营", "锡供函", "佛水客"])}〔{w.r.randint(2015, 2025)}〕{w.r.randint(3, 260)}号'
    p.text(WIDE / 2, 480, number, 44, middle=True)
    p.text(300, 640, to + '：')
    day, person, phone = w.date(), w.person(), w.phone()
    y = p.para(740, f'贵单位于{day}提交的来函收悉。经我方营业部会同计量班现场核实，现就有关事项函复如下：')
    y = p.para(y, f'一、自下一结算周期起，贵单位的抄表例日调整为每月{w.r.randint(2, 27)}日，账单将于抄表后三个工作日内送达；如遇法定节假日，顺延至其后首个工作日。')
    y = p.para(y, '二、原约定的其他条款不变。贵单位如对结算电量有异议，可在收到账单之日起十日内书面提出，逾期视为认可。')
    y = p.para(y, f'三、后续事宜请与我方客户经理{person}联系，联系电话{phone}，办公地点为{w.address(place)}。')
    p.para(y, '特此函复。')
    p.text(1480, y + 300, own)
    date = w.date(2024)
    p.text(1600, y + 400, date)
    p.seal(1760, y + 350, own, '业务专用章')
    p.fields = {'addressee': to, 'number': number, 'phone': phone, 'date': date}


def lease(p, w):
    a, pa = w.firm()
    b = w.person()
    total = w.sum()
    p.kind = 'lease_contract'
    p.title(260, '房 屋 租 赁 合 同')
    number = f'ZL-{w.r.randint(2016, 2025)}-{w.digits(4)}'
    p.text(1500, 420, '合同编号：' + number, 42)
    p.text(300, 520, '出租方（甲方）：' + a)
    p.text(300, 610, '承租方（乙方）：' + b)
    idn = w.identity(pa)
    p.text(300, 700, '居民身份证号：' + idn)
    start = w.r.randint(2018, 2024)
    y = p.para(820, f'第一条  甲方将位于{w.address(pa)}的房屋出租给乙方使用，建筑面积{w.r.randint(38, 420)}.{w.r.randint(10, 99)}平方米，房屋权属清晰，未设定抵押。')
    y = p.para(y, f'第二条  租赁期限自{start}年{w.r.randint(1, 12)}月1日起至{start + 3}年{w.r.randint(1, 12)}月28日止，共计三年。租期届满前六十日，乙方有优先续租权。')
    y = p.para(y, f'第三条  全年租金为人民币{total:,}.00元（大写：{capital(total)}），按季度支付，先付后用，乙方应于每季度首月五日前汇入甲方账户。')
    y = p.para(y, '第四条  乙方应合理使用并爱护房屋及其附属设施，不得擅自拆改承重结构；因使用不当造成损坏的，应负责修复或赔偿。')
    y = p.para(y, '第五条  本合同一式两份，双方各执一份，自签字盖章之日起生效。')
    account, date = '6217' + w.digits(15), w.date(start)
    p.columns(y + 160, ['甲方（盖章）：' + a[:8], a[8:] or '（同上）', '委托代理人：' + w.person(), '开户账号：' + account, '签订日期：' + date],
              ['乙方（签字）：' + b, '联系电话：' + w.phone(), '通信地址：' + w.address(pa)[:14], '紧急联系人：' + w.person(), '签订日期：' + date])
    p.seal(640, y + 260, a, '合同专用章')
    p.fields = {'number': number, 'lessor': a, 'identity': idn, 'sum': f'{total:,}.00', 'capital': capital(total), 'account': account}


def authority(p, w):
    firm, place = w.firm()
    who, agent = w.person(), w.person()
    p.kind = 'power_of_attorney'
    p.title(420, '授权委托书', 96)
    credit, idn = w.credit(place), w.identity(place)
    y = p.para(680, f'兹委托本单位职工{agent}（身份证号码：{idn}）作为我方代理人，全权办理我单位在{w.address(place)}的用水开户、过户及合同签订等手续。', size=50)
    y = p.para(y, '委托权限：代为提交申请、签署文件、领取票据、接受送达。代理人在上述权限内所签署的文件和处理的有关事务，我单位均予以承认。', size=50)
    until = w.date(2026)
    y = p.para(y, f'委托期限：自签发之日起至{until}止。代理人无转委托权。', size=50)
    p.text(300, y + 160, '委托单位：' + firm, 50)
    p.text(300, y + 260, '统一社会信用代码：' + credit, 50)
    p.text(300, y + 360, '法定代表人：' + who, 50)
    p.text(300, y + 460, '签发日期：' + w.date(2025), 50)
    p.seal(900, y + 330, firm, '')
    p.fields = {'agent': agent, 'identity': idn, 'credit': credit, 'firm': firm, 'until': until}


def application(p, w):
    firm, place = w.firm()
    p.kind = 'power_use_application'
    p.title(240, '用 电 申 请 书')
    no, account, idn, phone = 'YD' + w.digits(10), '05' + w.digits(8), w.identity(place), w.phone()
    p.text(300, 400, '受理编号：' + no, 42)
    p.text(1500, 400, '户号：' + account, 42)
    rows = [['用户名称', firm], ['用电地址', w.address(place)], ['法定代表人', w.person(), '证件号码', idn], ['经办人', w.person(), '联系电话', phone],
            ['用电类别', w.r.choice(['大工业用电', '一般工商业', '非工业']), '供电电压', w.r.choice(['交流380V', '交流10kV'])],
            ['原有容量', f'{w.r.randint(30, 315)}kVA', '申请容量', f'{w.r.randint(320, 1250)}kVA'],
            ['负荷性质', w.r.choice(['一级', '二级', '三级']), '预计投产', f'{w.r.randint(2019, 2025)}年{w.r.randint(1, 12)}月'],
            ['申请事由', '因新增生产线两条，原有变压器容量不足，特申请增加容量，请予办理。'], ['附送资料', '营业执照复印件、法定代表人身份证复印件、用电设备清单'],
            ['受理意见', '资料齐全，同意受理。', '受理人', w.person()], ['勘查意见', '现场具备增容条件。', '勘查人', w.person()]]
    y = p.grid(300, 500, [330, 620, 330, 600], rows, 150)
    p.para(y + 60, '说明：本申请书由用户如实填写并加盖公章，一式两份，供用电双方各存一份。', size=38, indent=0)
    p.seal(1700, y - 300, firm, '')
    p.fields = {'no': no, 'account': account, 'firm': firm, 'identity': idn, 'phone': phone}


def notice(p, w):
    firm, place = w.firm()
    own, _ = w.firm()
    p.kind = 'supply_scheme_notice'
    p.title(300, '供电方案通知单')
    no = 'FA' + w.digits(9)
    p.text(1560, 440, '编号：' + no, 40)
    p.text(300, 560, firm + '：')
    y = p.para(660, f'你单位申请的新装用电业务（受理编号SL{w.digits(8)}）已经现场勘查，根据国家有关电力供应与使用的规定，现答复供电方案如下：')
    for n, line in enumerate([f'供电电源：由{w.digits(2)}号变电站10千伏出线{w.r.randint(101, 189)}开关接入；', f'受电容量：{w.r.choice([400, 630, 800])}千伏安，一路常供；',
                              '计量方式：高供高计，电流互感器变比为50/5；', f'产权分界点：{w.r.choice(["电缆终端头", "跌落式熔断器"])}下桩头；']):
        y = p.para(y, f'（{"一二三四"[n]}）{line}')
    until = w.date(2025)
    y = p.para(y, f'本方案有效期至{until}，逾期未开工建设的应重新办理申请手续。若需变更，请于有效期届满前十五日内提出书面申请。')
    y = p.columns(y + 150, ['供电企业：' + own[:9], '客户经理：' + w.person(), '日期：' + w.date(2024)], ['用户签收：' + w.person(), '联系电话：' + w.phone(), '日期：' + w.date(2024)])
    p.seal(700, y - 120, own, '业扩专用章')
    p.fields = {'no': no, 'firm': firm, 'until': until}


def acceptance(p, w):
    firm, place = w.firm()
    p.kind = 'acceptance_record'
    p.title(240, '工 程 验 收 记 录')
    no = 'YS-' + w.digits(6)
    p.text(300, 400, '工程名称：' + w.address(place)[:12] + '配套管网工程', 42)
    p.text(1700, 400, '编号：' + no, 42)
    rows = [['序号', '检查项目', '标准值', '实测值', '结论']]
    for n, item in enumerate(['管道埋设深度', '接口密封性试验', '阀门启闭灵活性', '压力表校验', '接地电阻', '绝缘电阻测试', '回填土密实度', '标识桩设置', '水质取样化验']):
        rows.append([str(n + 1), item, f'≥{w.r.randint(1, 9)}.{w.r.randint(0, 9)}{w.r.choice(["m", "MPa", "Ω"])}', f'{w.r.randint(1, 19)}.{w.digits(2)}', w.r.choice(['合格', '合格', '基本合格'])])
    y = p.grid(300, 500, [150, 640, 380, 360, 350], rows, 110)
    y = p.grid(300, y, [330, 610, 330, 610], [['施工单位', firm, '监理单位', w.firm()[0]], ['验收意见', '经检查，各项指标符合设计文件和现行规范要求，同意通过验收。'], ['验收人员', w.person() + '、' + w.person(), '验收日期', w.date()]], 150)
    p.seal(800, y - 300, firm, '工程专用章')
    p.fields = {'no': no, 'firm': firm}


def datasheet(p, w):
    firm, place = w.firm()
    p.kind = 'customer_base_form'
    p.title(230, '客 户 基 本 资 料 表')
    credit, phone, account = w.credit(place), w.phone(), '6228' + w.digits(15)
    code = 'KH' + w.digits(6)
    p.text(300, 390, '客户编号：' + code, 42)
    p.text(1640, 390, '填表日期：' + w.date(2023), 42)
    rows = [['客户名称', firm], ['信用代码', credit], ['注册地址', w.address(place)], ['法定代表人', w.person(), '注册资本', f'{w.r.randint(1, 50) * 100}万元'],
            ['成立日期', w.date(2009), '经营年限', f'{w.r.randint(2, 20)}年'], ['联系人', w.person(), '移动电话', phone], ['开户银行', '中国农业银行城南支行', '银行账号', account],
            ['年营业额', f'{w.r.randint(200, 9000)}万元', '员工人数', f'{w.r.randint(8, 600)}人'], ['主营产品', '速冻面点、调理肉制品、预制菜及其配套冷链配送服务'], ['结算方式', '月结三十天', '信用额度', f'{w.r.randint(5, 80)}万元'],
            ['业务员', w.person(), '审核人', w.person()]]
    y = p.grid(300, 480, [310, 630, 310, 630], rows, 140)
    p.para(y + 50, '注：客户资料发生变化时，业务员应在五个工作日内更新本表。', size=38, indent=0)
    p.seal(1750, y - 250, firm, '财务专用章')
    p.fields = {'code': code, 'firm': firm, 'credit': credit, 'phone': phone, 'account': account}


def agreement(p, w):
    a, pa = w.firm()
    b, pb = w.firm()
    total = w.sum()
    p.kind = 'repayment_agreement'
    p.title(260, '欠款还款协议')
    number = f'HK-{w.r.randint(2017, 2025)}{w.digits(4)}'
    p.text(1560, 410, '协议编号：' + number, 42)
    ca, cb = w.credit(pa), w.credit(pb)
    p.text(300, 520, '甲方（债权人）：' + a)
    p.text(300, 605, '统一社会信用代码：' + ca)
    p.text(300, 690, '乙方（债务人）：' + b)
    p.text(300, 775, '统一社会信用代码：' + cb)
    y = p.para(880, f'鉴于乙方截至{w.date()}尚欠甲方货款人民币（大写）{capital(total)}（¥{total:,}.00），双方经友好协商，达成如下还款协议，共同遵守。')
    y = p.para(y, f'一、乙方分{w.r.choice("三四五六")}期偿还上述款项，每期于当月二十五日前支付；任何一期逾期超过十日，甲方有权要求一次性清偿全部余款。')
    y = p.para(y, f'二、逾期付款的，乙方按未付金额每日万分之{w.r.choice("二三四五")}支付违约金，直至付清之日止。')
    y = p.para(y, '三、乙方以其所有的机器设备提供担保，详见附件清单。本协议不影响原购销合同其他条款的效力。')
    y = p.para(y, '四、因履行本协议发生争议的，由甲方所在地人民法院管辖。')
    date = w.date(2025)
    y = p.columns(y + 130, ['甲方（盖章）：', a, '法定代表人：' + w.person(), '地址：' + w.address(pa)[:15], '日期：' + date], ['乙方（盖章）：', b, '法定代表人：' + w.person(), '地址：' + w.address(pb)[:15], '日期：' + date])
    p.seal(680, y - 260, a, '合同专用章')
    p.seal(1720, y - 240, b, '合同专用章')
    p.fields = {'number': number, 'credit_a': ca, 'credit_b': cb, 'sum': f'{total:,}.00', 'capital': capital(total), 'a': a, 'b': b}


def quotation(p, w):
    firm, place = w.firm()
    own, _ = w.firm()
    p.kind = 'quotation'
    p.title(260, '报 价 单')
    no = 'BJ' + w.digits(8)
    p.text(300, 410, '客户：' + firm, 42)
    p.text(1600, 410, '报价单号：' + no, 42)
    rows, total = [['序号', '名称', '规格型号', '数量', '单价', '金额']], 0
    for n, item in enumerate(['智能水表', '闸阀', '球墨铸铁管', '法兰接头', '压力变送器', '配电箱', '控制电缆']):
        count, price = w.r.randint(2, 60), w.r.randint(35, 1980)
        total += count * price
        rows.append([str(n + 1), item, f'{w.r.choice(["LXS", "DN", "KVV", "XL"])}-{w.r.randint(15, 300)}{w.r.choice("ABE")}', str(count), f'{price}.00', f'{count * price:,}.00'])
    rows.append(['合计', f'人民币{capital(total)}', f'¥{total:,}.00'])
    y = p.grid(300, 500, [150, 470, 440, 200, 270, 350], rows[:-1], 105)
    y = p.grid(300, y, [150, 1110, 620], rows[-1:], 105)
    y = p.para(y + 70, f'1. 以上价格含13%增值税专用发票及运费；2. 交货期为合同签订后{w.r.randint(7, 45)}天；3. 本报价自发出之日起三十日内有效；4. 付款方式为货到验收合格后六十日内付清。', indent=0)
    phone = w.phone()
    p.text(300, y + 80, f'联系人：{w.person()}  电话：{phone}')
    p.text(1500, y + 180, own)
    p.text(1600, y + 270, w.date(2024))
    p.seal(1780, y + 230, own, '报价专用章')
    p.fields = {'no': no, 'firm': firm, 'total': f'{total:,}.00', 'capital': capital(total), 'phone': phone}


def report(p, w):
    firm, place = w.firm()
    p.kind = 'credit_report'
    p.title(280, '资信调查报告')
    no, credit = 'ZX' + w.digits(8), w.credit(place)
    p.text(WIDE / 2, 430, f'报告编号：{no}    密级：内部', 40, middle=True)
    y = 560
    for head, body in [('一、基本情况', f'被调查单位{firm}成立于{w.date(2008)}，统一社会信用代码为{credit}，注册地址为{w.address(place)}，法定代表人{w.person()}，实缴资本{w.r.randint(2, 90) * 100}万元。'),
                       ('二、经营状况', f'近两年营业收入分别为{w.r.randint(1000, 9000)}.{w.digits(2)}万元和{w.r.randint(1000, 9000)}.{w.digits(2)}万元，资产负债率{w.r.randint(30, 70)}.{w.digits(1)}%，应收账款周转{w.r.randint(3, 12)}次，主要客户为本地商超及团餐企业，回款基本正常。'),
                       ('三、信用记录', '经查询，近三年无被执行记录，无重大行政处罚；曾有一笔贷款展期，已于次年结清。供应商访谈显示其付款周期约为四十五天，个别月份有延迟。'),
                       ('四、综合评价', f'综合评分{w.r.randint(62, 93)}分，信用等级为{w.r.choice(["AA", "A", "BBB"])}级，建议授信额度不超过人民币{w.r.randint(20, 300)}万元，期限一年。')]:
        p.text(300, y, head, 52, 'sans_bold')
        y = p.para(y + 100, body) + 30
    until = w.date(2026)
    y = p.para(y, f'本报告有效期至{until}，仅供委托方内部决策参考，不得对外提供。')
    p.text(1500, y + 120, '调查人：' + w.person())
    p.text(1500, y + 210, '复核人：' + w.person())
    p.text(1500, y + 300, w.date(2025))
    p.seal(1750, y + 240, w.firm()[0], '资信专用章')
    p.fields = {'no': no, 'credit': credit, 'firm': firm, 'until': until}


def empty(p, w):
    """The back of a sheet: holes of a punch, nothing else. Not made unless it is asked for."""
    for y in (HIGH / 2 - 472, HIGH / 2 + 472):
        p.d.ellipse((100, y - 36, 172, y + 36), fill=(60, 60, 60))


TEMPLATES = {f.__name__: f for f in (letter, lease, authority, application, notice, acceptance, datasheet, agreement, quotation, report, empty)}


def seal_mask(name, below, rng, mm=40):
    """How much ink of a round seal lies where, 0 to 1."""
    r = round(mm / 25.4 * 150)
    pad = 24
    stamp = Image.new('L', (2 * (r + pad), 2 * (r + pad)), 0)
    d, c = ImageDraw.Draw(stamp), r + pad
    d.ellipse((pad, pad, pad + 2 * r, pad + 2 * r), outline=255, width=13)
    d.polygon([(c + r * (.33 if k % 2 == 0 else .135) * math.sin(k * math.pi / 5), c - r * (.33 if k % 2 == 0 else .135) * math.cos(k * math.pi / 5)) for k in range(10)], fill=255)
    f, n, side = face('serif_bold', 50), len(name), 92
    span = math.radians(min(260, 18 * n))
    for k, ch in enumerate(name):
        a = -span / 2 + span * k / max(1, n - 1)
        t = Image.new('L', (side, side), 0)
        ImageDraw.Draw(t).text((side / 2, side / 2), ch, font=f, fill=255, anchor='mm')
        t = t.rotate(-math.degrees(a), resample=Image.BICUBIC)
        stamp.paste(255, (round(c + r * .79 * math.sin(a) - side / 2), round(c - r * .79 * math.cos(a) - side / 2)), t)
    d.text((c, c + r * .6), below, font=face('serif_bold', 40), fill=255, anchor='mm')
    m = np.asarray(stamp.rotate(rng.uniform(-15, 15), resample=Image.BICUBIC)).astype(np.float32) / 255
    noise = np.random.RandomState(rng.randint(0, 1 << 30))
    patches = Image.fromarray((noise.rand(12, 12) * 255).astype(np.uint8)).resize(m.shape[::-1], Image.BICUBIC)
    return m * (.75 + .25 * np.asarray(patches).astype(np.float32) / 255) * (.85 + .15 * noise.rand(*m.shape))


def stamped(page, rng, ink, alpha):
    """The page with its seals; ink multiplies, as stamping ink does."""
    a = np.asarray(page.im).astype(np.float32)
    for x, y, name, below in page.seals:
        m = seal_mask(name, below, rng) * alpha
        x0, y0 = max(0, round(x - m.shape[1] / 2)), max(0, round(y - m.shape[0] / 2))
        under = a[y0:y0 + m.shape[0], x0:x0 + m.shape[1]]
        m = m[:under.shape[0], :under.shape[1], None]
        a[y0:y0 + m.shape[0], x0:x0 + m.shape[1]] = under * (1 - m) + np.minimum(under, np.array(ink, np.float32)) * m
    return Image.fromarray(a.clip(0, 255).astype(np.uint8))


def noisy(im, rng, sigma):
    a = np.asarray(im).astype(np.float32)
    grain = np.random.RandomState(rng.randint(0, 1 << 30)).randn(*a.shape[:2]).astype(np.float32) * sigma
    return Image.fromarray((a + grain.reshape(a.shape[:2] + (1,) * (a.ndim - 2))).clip(0, 255).astype(np.uint8))


def shrunk(im, dpi):
    return im.resize((round(im.size[0] * dpi / 300), round(im.size[1] * dpi / 300)), Image.LANCZOS)


def clouds(size, rng, cells):
    """Smooth random values from 0 to 1."""
    small = np.random.RandomState(rng.randint(0, 1 << 30)).rand(cells, cells)
    return np.asarray(Image.fromarray((small * 255).astype(np.uint8)).resize(size, Image.BICUBIC)).astype(np.float32) / 255


def scan(page, rng, dpi=200, skew=.5, turn=0):
    im = page.im.convert('L').rotate(rng.uniform(-skew, skew), resample=Image.BICUBIC, fillcolor=255)
    im = noisy(shrunk(im, dpi).filter(ImageFilter.GaussianBlur(.5)), rng, 4)
    return im.rotate(turn, expand=True) if turn else im


def photo(page, rng):
    im = stamped(page, rng, (196, 40, 46), .75)
    w, h = im.size
    j = lambda s: rng.uniform(.004, .03) * s
    # The corners of what the camera sees, in the page; outside is the desk.
    quad = (-j(w), -j(h), -j(w) * .3, h + j(h), w + j(w), h + j(h) * .5, w + j(w) * .6, -j(h))
    paper = Image.new('RGBA', im.size)
    paper.paste(im)
    out = paper.transform((1900, 2687), Image.QUAD, quad, Image.BICUBIC)
    desk = Image.new('RGB', out.size, (92, 74, 58))
    desk.paste(out, mask=out.getchannel('A'))
    a = np.asarray(desk.filter(ImageFilter.GaussianBlur(.8))).astype(np.float32)
    yy, xx = np.mgrid[0:a.shape[0], 0:a.shape[1]].astype(np.float32)
    slope = rng.uniform(-1, 1) * xx / a.shape[1] + rng.uniform(-1, 1) * yy / a.shape[0]
    light = .78 + .12 * slope
    # The shadow of a hand or of the camera with a soft edge.
    edge = 1 / (1 + np.exp(-(xx - a.shape[1] * rng.uniform(.3, .7) + .4 * yy - a.shape[0] * .2) / 60))
    light = light * (1 - .3 * edge)
    a = a * light[..., None] * np.array([1.0, .97, .9], np.float32)
    return noisy(Image.fromarray(a.clip(0, 255).astype(np.uint8)), rng, 5)


def fax(page, rng):
    """What a fax machine sends: 204 dots across and 98 or 196 lines an inch, black and white."""
    fine = rng.random() < .67
    im = stamped(page, rng, (150, 60, 60), .45).convert('L').rotate(rng.uniform(-.6, .6), resample=Image.BICUBIC, fillcolor=255)
    im = im.resize((1728, round(1728 / 2480 * 3508 * (196 if fine else 98) / 204)), Image.LANCZOS)
    im = noisy(im, rng, 10).point(lambda v: 255 if v > 150 else 0).convert('1')
    return im, (204, 196 if fine else 98)


def copier(page, rng):
    """A copy of a copy: darker, blurred, specks, a black edge."""
    im = stamped(page, rng, (90, 90, 90), .6).convert('L')
    for _ in range(2):
        im = im.rotate(rng.uniform(-.4, .4), resample=Image.BICUBIC, fillcolor=255).filter(ImageFilter.GaussianBlur(1.1))
        a = np.asarray(im).astype(np.float32)
        a = 255 / (1 + np.exp(-(a - 150) / 26))
        im = noisy(Image.fromarray(a.clip(0, 255).astype(np.uint8)), rng, 5)
    a = np.asarray(shrunk(im, 200)).astype(np.float32)
    r = np.random.RandomState(rng.randint(0, 1 << 30))
    for _ in range(260):
        y, x, s = r.randint(0, a.shape[0] - 4), r.randint(0, a.shape[1] - 4), r.randint(1, 4)
        a[y:y + s, x:x + s] = r.randint(0, 90)
    edge = rng.randint(8, 40)
    a[:, :edge] = 25
    a = a * (.93 + .07 * clouds(a.shape[::-1], rng, 6)) - 6
    return Image.fromarray(a.clip(0, 255).astype(np.uint8))


def stain(page, rng):
    """Yellowed paper with the ring of a cup and a water edge."""
    im = shrunk(stamped(page, rng, (190, 30, 40), .7), 200)
    a = np.asarray(im).astype(np.float32)
    h, w = a.shape[:2]
    a *= (.86 + .12 * clouds((w, h), rng, 5))[..., None] * np.array([1, .96, .84], np.float32)
    yy, xx = np.mgrid[0:h, 0:w].astype(np.float32)
    for _ in range(2):
        cx, cy, r = rng.uniform(.2, .8) * w, rng.uniform(.2, .8) * h, rng.uniform(150, 300)
        d = np.sqrt((xx - cx) ** 2 + (yy - cy) ** 2)
        ring = np.exp(-((d - r) / 12) ** 2) * .45 + (d < r) * .12
        a *= 1 - ring[..., None] * np.array([.35, .55, .9], np.float32)
    return noisy(Image.fromarray(a.clip(0, 255).astype(np.uint8)), rng, 4)


def faded(page, rng):
    """Weak toner on gray paper."""
    a = np.asarray(shrunk(page.im.convert('L'), 200)).astype(np.float32)
    weak = .34 + .2 * clouds(a.shape[::-1], rng, 7)
    return noisy(Image.fromarray((228 - (255 - a) * weak).clip(0, 255).astype(np.uint8)), rng, 4)


def stroke(d, rng, x, y, wide, high, ink, thick):
    """A run of writing by hand: a curve through random points that goes to the right, in loops, pressed more and less."""
    count = max(6, round(wide / high * 3.2))
    points = [(x + wide * (k + rng.uniform(-.55, .55)) / count, y + high * (.5 + rng.uniform(-.5, .5))) for k in range(count + 1)]
    at = lambda p0, p1, p2, p3, t: .5 * (2 * p1 + (p2 - p0) * t + (2 * p0 - 5 * p1 + 4 * p2 - p3) * t * t + (3 * p1 - p0 - 3 * p2 + p3) * t ** 3)
    for a, b, c, e in zip(points, points[1:], points[2:], points[3:]):
        if rng.random() < .14:
            continue        # the pen was lifted
        for t in np.linspace(0, 1, 40):
            px, py = at(a[0], b[0], c[0], e[0], t), at(a[1], b[1], c[1], e[1], t)
            r = thick * (.7 + .5 * math.sin(px / 37))
            d.ellipse((px - r, py - r, px + r, py + r), fill=ink)


def written(page, rng):
    """Signed and annotated: a signature below, a note in the margin, a scribble over the print. Gives the boxes too."""
    im = page.im.copy()
    d, boxes = ImageDraw.Draw(im), []
    ink = rng.choice([(28, 28, 34), (30, 44, 130), (20, 30, 90)])
    low = max(line['box'][3] for line in page.lines)
    for x, y, wide, high in [(rng.randint(500, 1500), min(low + 120, HIGH - 420), rng.randint(380, 620), rng.randint(110, 170)),
                             (rng.randint(1300, 1700), rng.randint(90, 150), rng.randint(300, 560), rng.randint(70, 120))]:
        stroke(d, rng, x, y, wide, high, ink, rng.uniform(2.2, 4))
        boxes.append([x, y, x + wide, y + high])
    x, y = rng.randint(400, 900), rng.randint(900, 2200)
    stroke(d, rng, x, y, rng.randint(500, 900), 150, ink, 3)
    boxes.append([x, y, x + 500, y + 150])
    return noisy(shrunk(im.rotate(rng.uniform(-.4, .4), resample=Image.BICUBIC, fillcolor=(255, 255, 255)), 200), rng, 3), boxes


def fringe(page):
    """As a screen shows it: three strips of colour for each pixel."""
    wide, high = 1240, 1754
    a = np.asarray(page.im.convert('L').resize((wide * 3, high), Image.LANCZOS)).astype(np.float32)
    a = sum(np.roll(a, k, axis=1) * f for k, f in zip(range(-2, 3), (1 / 9, 2 / 9, 3 / 9, 2 / 9, 1 / 9)))
    return Image.fromarray(a.reshape(high, wide, 3).clip(0, 255).astype(np.uint8))


def in_red(im, rows):
    """Print of these rows in red ink."""
    a = np.asarray(im).astype(np.float32)
    ink = 1 - a[rows].mean(axis=2, keepdims=True) / 255
    a[rows] = 255 - ink * (255 - np.array((196, 24, 36), np.float32))
    return Image.fromarray(a.clip(0, 255).astype(np.uint8))


def redhead(page, rng):
    im = in_red(page.im, slice(0, 420))
    d = ImageDraw.Draw(im)
    d.text((WIDE / 2, 120), rng.choice(['市政务服务局文件', '华东水务集团有限公司', '第三人民医院便笺']), font=face('serif_bold', 110), fill=(200, 20, 30), anchor='mm')
    d.rectangle((260, 196, WIDE - 260, 204), fill=(200, 20, 30))
    return im


def logo(page, rng):
    """A round and a square sign in red, and a red band."""
    im = page.im.copy()
    d = ImageDraw.Draw(im)
    x, y, r = rng.randint(260, 420), rng.randint(120, 260), rng.randint(110, 170)
    d.ellipse((x - r, y - r, x + r, y + r), fill=(205, 32, 40))
    d.text((x, y), rng.choice('华中东安'), font=face('serif_bold', r), fill=(255, 255, 255), anchor='mm')
    x = WIDE - 380
    d.rectangle((x, y - 120, x + 240, y + 120), outline=(205, 32, 40), width=18)
    d.text((x + 120, y), rng.choice(['认证', '质检', '合格']), font=face('sans_bold', 90), fill=(205, 32, 40), anchor='mm')
    return im


def warm(page, rng):
    plain = Page(page.name, page.kind, page.body)
    plain.im = page.im
    a = np.asarray(photo(plain, rng)).astype(np.float32) * np.array([1.0, .8, .58], np.float32)
    return noisy(Image.fromarray(a.clip(0, 255).astype(np.uint8)), rng, 8)


def deliver(page, condition, rng, path):
    """Writes the page in a condition; gives the name of the file and its size."""
    def save(im, ending, **how):
        im.save(path + ending, **how)
        return os.path.basename(path) + ending, im.size

    jpeg = lambda im, dpi, quality=82: save(im, '.jpg', quality=quality, dpi=(dpi, dpi))
    if condition == 'clean':
        return save(page.im, '.png', dpi=(300, 300))
    if condition == 'scan':
        return jpeg(scan(page, rng), 200)
    if condition == 'red':
        im = stamped(page, rng, (rng.randint(170, 220), rng.randint(20, 60), rng.randint(30, 60)), rng.uniform(.65, .9))
        return jpeg(noisy(im.rotate(rng.uniform(-.4, .4), resample=Image.BICUBIC, fillcolor=(255, 255, 255)), rng, 3), 300)
    if condition == 'gray':
        return jpeg(noisy(shrunk(stamped(page, rng, (196, 30, 40), rng.uniform(.6, .85)).convert('L'), 200), rng, 4), 200)
    if condition == 'bilevel':
        # A threshold that keeps most of the seal: black on black.
        im = stamped(page, rng, (200, 40, 46), .8).convert('L').filter(ImageFilter.GaussianBlur(.6))
        level = rng.randint(135, 190)
        return save(noisy(im, rng, 8).point(lambda v: 255 if v > level else 0).convert('1'), '.tif', compression='group4', dpi=(300, 300))
    if condition == 'skew':
        angle = rng.choice([-1, 1]) * rng.uniform(1.5, 2.0)
        return jpeg(noisy(page.im.convert('L').rotate(angle, resample=Image.BICUBIC, fillcolor=255), rng, 3), 300)
    if condition.startswith('turn'):
        return jpeg(scan(page, rng, turn=-int(condition[4:])), 200)
    if condition == 'photo':
        im = photo(page, rng)
        im.save(path + '.jpg', quality=80)
        return os.path.basename(path) + '.jpg', im.size
    if condition == 'fax':
        im, dpi = fax(page, rng)
        return save(im, '.tif', compression='group3' if rng.random() < .5 else 'group4', dpi=dpi)
    if condition == 'copier':
        return jpeg(copier(page, rng), 200)
    if condition == 'stain':
        return jpeg(stain(page, rng), 200)
    if condition == 'fringe':
        return save(fringe(page), '.png')
    if condition == 'redhead':
        return jpeg(noisy(redhead(page, rng), rng, 3), 300)
    if condition == 'redtable':
        return jpeg(noisy(in_red(page.im, slice(rng.randint(300, 800), rng.randint(1400, 2600))), rng, 3), 300)
    if condition == 'logo':
        return jpeg(noisy(logo(page, rng), rng, 3), 300)
    if condition == 'warm':
        im = warm(page, rng)
        im.save(path + '.jpg', quality=70)
        return os.path.basename(path) + '.jpg', im.size
    if condition in ('redfaint', 'reddark'):
        ink, alpha = ((222, 96, 96), .5) if condition == 'redfaint' else ((130, 16, 28), .9)
        return jpeg(noisy(shrunk(stamped(page, rng, ink, alpha), 200), rng, 4), 200)
    if condition == 'written':
        return jpeg(written(page, rng)[0], 200)
    return jpeg(faded(page, rng), 200)


CONDITIONS = ['clean', 'scan', 'red', 'gray', 'bilevel', 'skew', 'turn90', 'turn180', 'turn270', 'photo', 'fax', 'copier', 'stain', 'faded']


def main():
    ap = argparse.ArgumentParser(description='makes page images with known text')
    ap.add_argument('out')
    ap.add_argument('--seed', type=int, default=1)
    ap.add_argument('--pages', type=int, default=1, help='pages of each template')
    ap.add_argument('--templates', default=','.join(t for t in TEMPLATES if t != 'empty'))
    ap.add_argument('--conditions', default=','.join(CONDITIONS))
    arg = ap.parse_args()
    os.makedirs(arg.out, exist_ok=True)
    meta = []
    for n, template in enumerate(arg.templates.split(',')):
        for copy in range(arg.pages):
            # A page is the same whatever other pages are made with it.
            rng = random.Random(f'{arg.seed} {template} {copy}')
            name = f'{template}{arg.seed}{chr(97 + copy)}'
            page = Page(name, '', BODIES[(arg.seed + copy + list(TEMPLATES).index(template)) % len(BODIES)])
            TEMPLATES[template](page, Words(rng))
            truth = {'name': name, 'kind': page.kind, 'lines': page.lines, 'fields': page.fields, 'seals': [t for s in page.seals for t in (s[2], s[3]) if t]}
            with open(os.path.join(arg.out, name + '.gt.json'), 'w', encoding='utf-8') as f:
                json.dump(truth, f, ensure_ascii=False, indent=0)
            for condition in arg.conditions.split(','):
                file, size = deliver(page, condition, random.Random(f'{arg.seed} {template} {copy} {condition}'), os.path.join(arg.out, f'{name}.{condition}'))
                meta.append({'file': file, 'page': name, 'kind': page.kind, 'cond': condition, 'size': list(size)})
    with open(os.path.join(arg.out, 'meta.json'), 'w', encoding='utf-8') as f:
        json.dump(meta, f, ensure_ascii=False, indent=0)
    print(f'{len(meta)} images in {arg.out}')


if __name__ == '__main__':
    main()
