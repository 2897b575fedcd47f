"""The papers of the sample archive: contracts, licences, application forms, letters and certificates, all invented."""
import math
from paper import Paper, WIDTH, HEIGHT

LEFT, RIGHT = 78, WIDTH - 78
ROOM = RIGHT - LEFT
CN = '一二三四五六七八九十'


def chinese_date(iso):
    parts = [int(v) for v in iso.split('-')]
    return ''.join(f'{v}{u}' for v, u in zip(parts, '年月日'))


def ordinal(n):
    return CN[n - 1] if n <= 10 else '十' + CN[n - 11]


def capital(n):
    """An amount in yuan as it is written by hand on cheques: 大写."""
    digits, units, out, zero = '零壹贰叁肆伍陆柒捌玖', ['', '拾', '佰', '仟'], '', False
    text = str(n)
    for i, ch in enumerate(text):
        place = len(text) - 1 - i
        if ch == '0':
            zero = True
        else:
            out += ('零' if zero and out else '') + digits[int(ch)] + units[place % 4]
            zero = False
        if place == 4 and any(c != '0' for c in text[:i + 1][-4:]):
            out += '万'
            zero = False
    return out + '元整'


def footer(pages):
    for n, p in enumerate(pages, 1):
        p.centre(p.h - 52, f'第 {n} 页 共 {len(pages)} 页', 9)


def parties(p, y, a, b, labels, body=11):
    for label, who in zip(labels, (a, b)):
        for t in (f"{label}：{who['name']}", f"统一社会信用代码：{who['credit_code']}", f"法定代表人：{who['person']}    联系电话：{who['phones'].split(';')[0]}", f"住所地：{who['address']}"):
            p.text(LEFT, y, t, body)
            y += body * 1.75
        y += 6
    return y


def articles(p, y, items, start, head='sansb', body=11):
    for n, (title, text) in enumerate(items, start):
        p.text(LEFT, y, f'第{ordinal(n)}条  {title}', body, head)
        y += body * 1.75
        for t in text if isinstance(text, list) else [text]:
            y = p.para(LEFT, y, ROOM, t, body)
        y += 3
    return y


def signatures(p, y, a, b, date, bank_a, bank_b, below='合同专用章', sealed=True):
    p.text(LEFT, y, '（以下无正文，为签署页）', 11)
    y += 34
    half = ROOM / 2 + 10
    for k, (label, who, account) in enumerate((('甲方', a, bank_a), ('乙方', b, bank_b))):
        yy = y
        for t in (f'{label}（盖章）：', who['name'], f"法定代表人：{who['person']}", '授权代表（签字）：', f"联系电话：{who['phones'].split(';')[0]}", '开户行：云岭商业银行营业部', f'账号：{account}', f'日期：{chinese_date(date)}'):
            p.text(LEFT + k * half, yy, t, 9.5)
            yy += 24
    if sealed:
        p.seal(LEFT + 150, y + 70, a['name'], below)
        p.seal(LEFT + half + 156, y + 78, b['name'], below)
    return y + 200


def account(rng):
    return '6200' + ''.join(rng.choice('0123456789') for _ in range(15))


def service_contract(a, own, number, date, rng):
    amount = rng.randint(120, 900) * 1000
    pages = [Paper('信息系统运维服务合同', date, 'serif') for _ in range(3)]
    p = pages[0]
    p.centre(74, '信息系统运维服务合同', 21, 'sansb')
    p.text(LEFT, 122, f'合同编号：{number}')
    p.text(LEFT + 245, 122, f'签订日期：{chinese_date(date)}')
    p.text(LEFT, 143, f"客户编号：{a['code']}")
    y = parties(p, 170, own, a, ('甲方（委托方）', '乙方（受托方）'))
    y = p.para(LEFT, y, ROOM, '根据《中华人民共和国民法典》及相关法律法规的规定，甲乙双方在平等自愿、公平诚信的基础上，就甲方委托乙方提供信息系统运维服务事宜，经协商一致，订立本合同，共同遵照执行。')
    y = articles(p, y + 4, [
        ('服务内容', '乙方按照附件一所列的服务范围、服务标准和交付时间，为甲方的营销业务系统、客户档案系统及其数据库提供7×24小时运行维护服务，并按月提交运行报告。'),
        ('服务期限', f'自{chinese_date(date)}起二十四个月。期满前六十日任何一方未书面提出异议的，本合同自动顺延十二个月，顺延以一次为限。'),
        ('合同价款', f'本合同服务费用总额为人民币¥{amount:,}.00元（大写：{capital(amount)}），该金额已包含6%增值税及乙方为履行本合同所发生的一切费用。'),
    ], 1)
    p.fields = dict(contract_no=number, credit_a=own['credit_code'], credit_b=a['credit_code'], customer_code=a['code'], amount=f'{amount:,}.00', phone_b=a['phones'].split(';')[0])
    p = pages[1]
    articles(p, 78, [
        ('付款方式', '合同生效后十日内支付合同总额的30%作为预付款；中期验收合格后支付40%；最终验收合格并收到乙方开具的增值税专用发票后十五日内支付剩余30%。'),
        ('甲方义务', '甲方应在本合同签订之日起五个工作日内，向乙方提供开展工作所必需的资料、数据及工作条件，并对其真实性、完整性和合法性负责。'),
        ('服务响应', ['一级故障：电话响应不超过十分钟，工程师到场不超过两小时，恢复不超过四小时。', '二级故障：电话响应不超过三十分钟，到场不超过八小时，恢复不超过二十四小时。', '三级故障：下一个工作日内响应，五个工作日内解决。']),
        ('保密条款', '甲乙双方对在履行本合同过程中所知悉的对方商业秘密、技术资料、客户信息负有保密义务，未经对方书面同意，不得以任何方式向第三方披露，保密期限为合同终止后五年。'),
        ('知识产权', '乙方在服务过程中形成的工作成果，包括但不限于软件源代码、设计文档、测试报告、培训教材等，其知识产权归甲方所有，乙方依法享有署名权。'),
        ('违约责任', '任何一方未能按照本合同约定履行义务的，应当承担违约责任；逾期履行的，每逾期一日应按合同总额的3‰向守约方支付违约金，累计不超过合同总额的10%。'),
        ('项目负责人', f"乙方指派{a['person']}为项目负责人（联系电话：{a['phones'].split(';')[0]}，电子邮箱：ops@{'zhihui' if a['code'] == 'KH-0001' else 'zhihuitech'}.example），未经甲方书面同意不得擅自更换。"),
    ], 4)
    p = pages[2]
    y = articles(p, 78, [
        ('不可抗力', '因不可抗力致使本合同不能履行或者不能完全履行的，遭受不可抗力的一方应当及时通知对方，并在十五日内提供有关机构出具的证明文件。'),
        ('争议解决', '因本合同引起的或与本合同有关的任何争议，双方应友好协商解决；协商不成的，任何一方均可向云岭新区人民法院提起诉讼。'),
        ('合同生效', '本合同自双方法定代表人或授权代表签字并加盖合同专用章之日起生效。本合同一式肆份，甲乙双方各执贰份，具有同等法律效力。'),
    ], 11)
    bank = account(rng)
    signatures(p, y + 16, own, a, date, account(rng), bank)
    p.fields = dict(account_b=bank)
    footer(pages)
    return pages


def lease(a, own, number, month, rng):
    pages = [Paper('房屋租赁合同', month, 'serif') for _ in range(4)]
    p = pages[0]
    p.centre(78, '房屋租赁合同', 22, 'sansb')
    p.text(LEFT, 126, f'合同编号：{number}')
    p.text(LEFT + 245, 126, f'签订时间：{chinese_date(month)}')
    y = parties(p, 154, own, a, ('出租方（甲方）', '承租方（乙方）'))
    articles(p, y, [
        ('租赁标的', '甲方将位于云岭新区枢纽大道1号附属楼三层301至309室、建筑面积共计612.40平方米的房屋出租给乙方，作办公及票据存放之用。乙方不得擅自改变用途。'),
        ('租赁期限', '租赁期限为叁年，自2023年7月1日起至2026年6月30日止。租赁期满，乙方在同等条件下有优先承租权，但应于期满九十日前书面提出。'),
        ('租金及支付', '月租金为人民币¥42,868.00元（大写：肆万贰仟捌佰陆拾捌元整），每季度首月五日前支付。自第二年起租金每年递增百分之三。'),
    ], 1)
    p.fields = dict(contract_no=number, credit_b=a['credit_code'], rent='42,868.00', area='612.40')
    articles(pages[1], 82, [
        ('押金', '本合同签订后五日内，乙方向甲方支付相当于两个月租金的押金。合同终止、房屋完好交还并结清费用后十个工作日内，甲方将押金无息退还乙方。'),
        ('水电及物业费用', ['电费按户号单独计量，乙方按月向供电企业缴纳；水费、供暖费、物业服务费由乙方承担。', '底数：电表003871.6千瓦时，水表001204立方米，均经双方于交付日现场确认。']),
        ('装修与改造', '乙方需要装修或者改造的，应当事先将图纸送交甲方审核，经书面同意后方可施工。涉及消防、结构、强弱电的，应当取得有关部门的批准。'),
        ('维修责任', '房屋主体结构、屋面防水、公用管线由甲方负责维修；室内设施及乙方自行添置的设备由乙方负责维修。甲方接到报修后应当在四十八小时内到场。'),
        ('转租', '未经甲方书面同意，乙方不得转租、转借或者以联营等方式变相转租。'),
        ('合同解除', '乙方拖欠租金达六十日，或者擅自改变房屋结构、用途，经书面催告后三十日内仍未改正的，甲方有权解除合同并收回房屋。'),
    ], 4)
    p = pages[2]
    p.centre(78, '附件一  移交设施清单', 15, 'sansb')
    x, y, w = [LEFT, LEFT + 36, LEFT + 190, LEFT + 286, LEFT + 340, RIGHT], 116, None
    head = ('序号', '名称', '规格型号', '数量', '状况')
    for i, t in enumerate(head):
        p.cell(x[i], y, x[i + 1] - x[i], 26, t, label=True, font='sansb')
    y += 26
    rows = [('中央空调室内机', 'FXFP-56', '9台', '完好'), ('配电箱', 'PZ30-24', '3只', '完好'), ('防火门', 'GFM-1021', '4樘', '闭门器损坏一只'), ('密集档案架', 'MJ-6/900', '12列', '完好'), ('恒温恒湿机', 'HF-13N', '1台', '完好'),
            ('火灾探测器', 'JTY-GD', '26只', '完好'), ('气体灭火装置', 'GQQ120', '2套', '检验期至2024年3月'), ('门禁读卡器', 'IC-86', '5只', '完好'), ('窗帘', '遮光', '18幅', '完好'), ('会议桌', '3600×1400', '1张', '桌面划痕'), ('网络机柜', '42U', '2台', '完好'), ('铁皮柜', '五节', '16组', '钥匙齐全')]
    for n, row in enumerate(rows, 1):
        for i, t in enumerate((str(n),) + row):
            p.cell(x[i], y, x[i + 1] - x[i], 27, t, size=9.5)
        y += 27
    y = p.para(LEFT, y + 16, ROOM, '以上设施已由双方代表于交付日逐项清点，数量及状况与本清单一致。乙方交还房屋时按本清单移交，正常损耗除外。')
    p.text(LEFT, y + 20, '甲方代表：许听澜')
    p.text(LEFT + 230, y + 20, f"乙方代表：{a['person']}")
    y = articles(pages[3], 82, [
        ('免责', '因不可抗力或者政府征收致使本合同不能继续履行的，双方互不承担违约责任，租金按实际使用天数结算。'),
        ('通知送达', '双方的通知以书面形式送达本合同首部所列地址。地址变更的，应当提前十日书面告知对方，否则按原地址寄出即视为送达。'),
        ('其他', '本合同一式肆份，双方各执贰份，自双方签字盖章之日起生效。附件为本合同的组成部分。'),
    ], 10)
    signatures(pages[3], y + 20, own, a, '2023-06-15', account(rng), account(rng), sealed=False)
    footer(pages)
    return pages


def supply_contract(a, own, number, date, rng):
    pages = [Paper('高压供用电合同', date, 'serif') for _ in range(4)]
    p = pages[0]
    p.centre(80, '高压供用电合同', 22, 'hei')
    p.text(LEFT, 128, f'合同编号：{number}')
    p.text(LEFT + 245, 128, f"户号：{a['account_no']}")
    y = parties(p, 158, own, a, ('供电人', '用电人'))
    articles(p, y, [
        ('用电地址', f"用电人用电地址位于{a['address']}，用电性质为大工业用电，行业分类为光伏设备及元器件制造。"),
        ('用电容量', '用电人共有受电变压器3台，合计容量3,150kVA，其中1,250kVA变压器2台，650kVA变压器1台，均为运行状态。'),
        ('供电方式', '供电人由天枢变电站10kV博远线918开关，以电缆方式向用电人供电，电缆型号YJV22-8.7/15-3×240，长度1.86千米。'),
        ('产权分界', '供用电设施产权分界点为博远线918开关出线侧电缆头，分界点电源侧属供电人，负荷侧属用电人，双方各自承担维护管理责任。'),
    ], 1, 'hei')
    p.fields = dict(contract_no=number, account_no=a['account_no'], credit_b=a['credit_code'], capacity='3,150kVA')
    p = pages[1]
    y = articles(p, 82, [('用电计量', '计量装置安装在产权分界点处。计量点、倍率及适用电价见下表；计量装置由供电人负责检定，检定周期按国家规程执行。')], 5, 'hei')
    x = [LEFT, LEFT + 60, LEFT + 165, LEFT + 225, LEFT + 290, RIGHT]
    for i, t in enumerate(('计量点', '电能表资产号', '倍率', '准确度', '电价类别')):
        p.cell(x[i], y, x[i + 1] - x[i], 26, t, label=True, size=9.5, font='hei')
    y += 26
    for row in (('一号', 'YL-10-2025-000917', '6000', '0.2S级', '大工业两部制分时'), ('二号', 'YL-10-2025-000918', '4000', '0.2S级', '大工业两部制分时'), ('三号', 'YL-04-2025-003306', '80', '0.5S级', '非居民照明')):
        for i, t in enumerate(row):
            p.cell(x[i], y, x[i + 1] - x[i], 26, t, size=9)
        y += 26
    y = articles(p, y + 14, [
        ('电费结算', ['电费按月结算，抄表例日为每月1日零时，用电人应于当月20日前足额缴纳电费。', '逾期未缴的，自逾期之日起按日加收违约金：当年欠费部分为千分之二，跨年度欠费部分为千分之三。']),
        ('功率因数', '用电人在高峰负荷时的功率因数应达到0.90以上，不足部分按《功率因数调整电费办法》计收。'),
        ('自备电源', '用电人自备1台600kW柴油发电机作为保安电源，应装设可靠的电气闭锁装置，不得向电网倒送电。'),
        ('分布式光伏', '用电人厂房屋面建设2.4MWp分布式光伏发电项目，采用自发自用、余电上网方式，并网协议另行签订。'),
    ], 6, 'hei')
    articles(pages[2], 82, [
        ('供电质量', '在电力系统正常状况下，供到用电人受电端的电压允许偏差为额定值的正负百分之七。用电人产生的谐波应符合GB/T 14549的规定。'),
        ('中止供电', '供电人因计划检修需要中止供电时，应提前七天通知用电人；因临时检修需要中止供电时，应提前二十四小时通知重要用户。'),
        ('用电检查', '供电人有权依法对用电人的用电情况进行检查，检查人员不得少于两人并应出示证件，用电人应当予以配合。'),
        ('过户与销户', '用电人名称变更、用电主体变更的，应当向供电人申请办理过户；迁址或者不再用电的，应当办理销户并结清全部费用。'),
        ('资料保密', '供电人对用电人的用电数据及客户档案负有保密义务，法律法规另有规定的除外。'),
        ('违约责任', '供电人违反本合同约定造成停电的，按用电人在停电时间内可能用电量的电度电费的五倍给予赔偿。'),
    ], 10, 'hei')
    y = articles(pages[3], 82, [
        ('合同有效期', '本合同自双方签署之日起生效，有效期五年。期满双方均未提出异议的，继续有效。'),
        ('争议解决', '双方发生争议时，应协商解决；协商不成的，可以提请电力管理部门调解，或者向云岭新区人民法院提起诉讼。'),
        ('附则', '本合同正本一式贰份，副本肆份。供电方案答复单、产权分界示意图、调度协议为本合同附件。'),
    ], 16, 'hei')
    signatures(pages[3], y + 18, own, a, date, account(rng), account(rng), sealed=False)
    footer(pages)
    return pages


def amendment(a, own, number, date, rng):
    pages = [Paper('补充协议', date, 'kai') for _ in range(2)]
    p = pages[0]
    p.centre(86, '补 充 协 议', 22, 'hei')
    p.text(LEFT, 136, f'协议编号：{number}')
    y = parties(p, 166, own, a, ('甲方', '乙方'), 11.5)
    y = p.para(LEFT, y, ROOM, f'鉴于甲乙双方于2024年4月22日签订了《信息系统运维服务合同》（合同编号：HT-2024-0121，以下简称“原合同”），现因业务调整，双方经友好协商，就原合同有关事项达成如下补充协议：', 11.5)
    articles(p, y + 4, [
        ('服务范围', '原合同服务范围增加医疗冷链温度监测平台的运行维护，监测点共计148个，覆盖仓库6处、运输车辆32台。'),
        ('价款调整', '自2025年5月1日起，年度服务费由人民币¥386,000.00元调整为人民币¥452,500.00元，增加部分于每年6月30日前一次性支付。'),
        ('人员驻场', '乙方增派驻场工程师2名，工作日08:30至17:30在甲方数据中心值守，节假日安排电话值班。'),
    ], 1, 'hei', 11.5)
    p.fields = dict(contract_no=number, credit_b=a['credit_code'], amount='452,500.00')
    y = articles(pages[1], 86, [
        ('原合同效力', '本补充协议是原合同不可分割的组成部分，与原合同具有同等法律效力。本协议与原合同不一致的，以本协议为准；本协议未约定的，仍按原合同执行。'),
        ('生效', '本协议一式肆份，双方各执贰份，自双方签字盖章之日起生效。'),
    ], 4, 'hei', 11.5)
    signatures(pages[1], y + 24, own, a, date, account(rng), account(rng), sealed=False)
    footer(pages)
    return pages


def transfer_agreement(a, b, own, number, date, rng):
    pages = [Paper('合同权利义务转让协议', date, 'song') for _ in range(2)]
    p = pages[0]
    p.centre(82, '合同权利义务转让协议', 20, 'sansb')
    p.text(LEFT, 128, f'协议编号：{number}')
    y = parties(p, 156, a, b, ('转让方', '受让方'), 11.5)
    y = p.para(LEFT, y, ROOM, '转让方与云岭新区供电服务有限公司之间的运维服务合同（以下简称“主合同”）尚在履行之中。经主合同相对方书面同意，转让方将主合同项下的全部权利义务一并转让给受让方，三方确认如下：', 11.5)
    articles(p, y + 4, [
        ('转让标的', '主合同自2024年10月1日起未履行部分的全部权利和义务，包括已交付而未结算的第三季度运行报告。'),
        ('转让对价', '受让方就本次转让向转让方支付人民币¥68,000.00元（大写：陆万捌仟元整），于本协议生效后十个工作日内付清。'),
        ('人员与资料移交', '转让方应当在三十日内移交全部技术文档、账号清单和值班记录，并协助受让方完成交接，交接期间服务不得中断。'),
    ], 1, 'sansb', 11.5)
    p.fields = dict(credit_a=a['credit_code'], credit_b=b['credit_code'], amount='68,000.00')
    y = articles(pages[1], 82, [
        ('陈述与保证', '转让方保证主合同合法有效，未设定任何质押或者其他权利负担；受让方保证具备履行主合同所需的资质和人员。'),
        ('责任划分', '2024年9月30日以前因转让方履行主合同产生的责任由转让方承担，其后产生的责任由受让方承担。'),
        ('生效', '本协议自三方签字盖章之日起生效，一式陆份。'),
    ], 4, 'sansb', 11.5)
    signatures(pages[1], y + 24, a, b, date, account(rng), account(rng))
    footer(pages)
    return pages


def building_contract(a, own, number, date, rng):
    pages = [Paper('配电房土建工程施工合同', date, 'serif') for _ in range(4)]
    p = pages[0]
    p.centre(150, '建设工程施工合同', 26, 'sansb')
    p.centre(210, '（配电房土建工程）', 15)
    for n, (k, v) in enumerate((('合同编号', number), ('工程名称', '枢纽大道10kV配电房土建工程'), ('工程地点', '云岭新区枢纽大道1号院内东北角'), ('发 包 人', own['name']), ('承 包 人', a['name']), ('签订日期', chinese_date(date)))):
        p.text(LEFT + 20, 360 + n * 44, f'{k}：', 13, 'sans')
        p.text(LEFT + 105, 360 + n * 44, v, 13)
        p.rule(LEFT + 100, 380 + n * 44, RIGHT - 10, 380 + n * 44, .5)
    p.fields = dict(contract_no=number)
    p = pages[1]
    p.centre(74, '第一部分  协议书', 15, 'sansb')
    y = parties(p, 108, own, a, ('发包人（全称）', '承包人（全称）'))
    articles(p, y, [
        ('工程概况', '本工程为单层框架结构，建筑面积286.5平方米，檐口高度5.4米，设电缆夹层，抗震设防烈度7度，耐火等级一级。'),
        ('承包范围', '施工图纸所示土方、基础、主体、屋面、装饰、接地及室外电缆沟工程，不含电气设备安装。'),
        ('合同工期', '计划开工日期2022年11月20日，计划竣工日期2023年4月18日，工期总日历天数150天。'),
        ('质量标准', '符合《建筑工程施工质量验收统一标准》GB 50300合格标准。'),
    ], 1)
    p.fields = dict(credit_b=a['credit_code'], area='286.5')
    articles(pages[2], 78, [
        ('合同价款', '签约合同价为人民币¥1,286,400.00元（大写：壹佰贰拾捌万陆仟肆佰元整），其中安全文明施工费¥38,592.00元，暂列金额¥60,000.00元。'),
        ('进度款', '基础完成支付至20%，主体封顶支付至55%，竣工验收合格支付至85%，结算审定后支付至97%，余款3%作为质量保证金。'),
        ('项目经理', '承包人项目经理温如许，注册建造师编号京199202200415，除不可抗力外每月在场时间不少于22天。'),
        ('材料检验', '钢筋、水泥、防水卷材进场应当提交合格证并见证取样复试，复试不合格的材料应当在24小时内清退出场。'),
        ('安全生产', '承包人对施工现场安全负总责，设专职安全员一名。邻近带电设备作业应当办理工作票，未经许可不得进入带电区域。'),
        ('工程变更', '设计变更应当由设计单位出具变更通知，经监理人和发包人签认后实施，价款按中标单价调整。'),
        ('竣工验收', '承包人自检合格后提交竣工验收报告及完整的竣工资料一式三套，发包人应当在二十八日内组织验收。'),
    ], 5)
    y = articles(pages[3], 78, [
        ('质量保修', '屋面防水、有防水要求的房间和外墙面的防渗漏保修期为五年，其他工程为二年，自竣工验收合格之日起计算。'),
        ('违约责任', '因承包人原因工期延误的，每日按签约合同价的万分之五支付违约金，最高不超过签约合同价的5%。'),
        ('合同份数', '本合同一式捌份，发包人执伍份，承包人执叁份。'),
    ], 12)
    signatures(pages[3], y + 20, own, a, date, account(rng), account(rng))
    footer(pages)
    return pages


def certificate_frame(p, ink):
    for inset, line in ((22, 3.2), (30, .9)):
        p.box(inset, inset, p.w - 2 * inset, p.h - 2 * inset, line, ink=ink)


def licence(a, date, rng):
    p = Paper('营业执照', date, 'serif', ground=(252, 250, 241))
    certificate_frame(p, (170, 130, 60))
    p.centre(96, '营 业 执 照', 38, 'sansb')
    p.centre(152, '（副 本）', 14)
    p.text(80, 196, '统一社会信用代码', 11, 'sans')
    p.text(80, 214, a['credit_code'], 13.5, 'sansb')
    p.text(400, 196, f'编号：{rng.randint(10000000, 99999999)}', 11)
    y, capital_text = 262, rng.choice(['壹佰万元整', '伍佰万元整', '贰仟万元整', '捌佰捌拾万元整'])
    for label, value in (('名        称', a['name']), ('类        型', '股份有限公司（非上市）' if '股份' in a['name'] else '有限责任公司（自然人投资或控股）'), ('法定代表人', a['person']), ('注 册 资 本', capital_text),
                         ('成 立 日 期', chinese_date(date)), ('营 业 期 限', f'{chinese_date(date)}至长期'), ('住        所', a['address'])):
        p.text(80, y, label, 12.5, 'sans')
        y = max(y + 30, p.para(196, y, 320, value, 12.5, lead=1.5, indent=0) + 10)
    p.text(80, y, '经 营 范 围', 12.5, 'sans')
    p.para(196, y, 320, '一般项目：技术服务、技术开发、技术咨询、技术转让；信息系统集成服务；数据处理和存储支持服务；普通货物仓储服务；供应链管理服务；货物进出口。（除依法须经批准的项目外，凭营业执照依法自主开展经营活动）', 11.5, lead=1.5, indent=0)
    p.text(372, 688, '登记机关', 12.5, 'sans')
    p.text(330, 712, '云岭市市场监督管理局', 11.5)
    p.text(360, 736, chinese_date('2023-06-01'), 12.5)
    p.text(80, 778, '国家企业信用信息公示系统网址：http://www.gsxt.example', 8.5)
    p.text(400, 778, '云岭市市场监督管理局监制', 8.5)
    p.seal(428, 724, '云岭市市场监督管理局', '登记专用章')
    p.fields = dict(credit=a['credit_code'], name=a['name'], person=a['person'])
    return p


def food_permit(a, date, rng):
    p = Paper('食品经营许可证', date, 'song', ground=(247, 251, 246), wide=True)
    certificate_frame(p, (60, 120, 80))
    p.centre(62, '食品经营许可证', 34, 'sansb')
    p.centre(112, '（副 本）', 13)
    left = (('经营者名称', a['name']), ('社会信用代码', a['credit_code']), ('法定代表人', a['person']), ('住        所', a['address']), ('经营场所', a['address']), ('主体业态', '食品销售经营者（网络经营）'), ('经营项目', '预包装食品（含冷藏冷冻食品）销售，散装食品销售，保健食品销售'))
    y = 152
    for k, v in left:
        p.text(70, y, k, 11.5, 'sans')
        y = max(y + 29, p.para(160, y, 290, v, 11.5, lead=1.5, indent=0) + 10)
    y = 152
    for k, v in (('许可证编号', 'JY19901060012345'), ('日常监督管理机构', '武昌里区市场监管所'), ('日常监督管理人员', '江枫、陆晚渔'), ('投诉举报电话', '12315'), ('发证机关', '云岭市市场监督管理局'), ('签 发 人', '卫青阑'), ('签发日期', chinese_date(date)), ('有效期至', '2026年10月11日')):
        p.text(500, y, f'{k}：', 11.5, 'sans')
        p.text(610, y, v, 11.5)
        y += 33
    p.seal(650, 436, '云岭市市场监督管理局', '许可专用章')
    p.text(70, 540, '请按照许可的经营项目从事经营活动，并在经营场所显著位置悬挂本证。', 9.5)
    p.fields = dict(credit=a['credit_code'], permit_no='JY19901060012345')
    return p


def power_application(a, date, rng):
    """A two-sided 用电申请表: fields on the front, load list and declaration on the back."""
    front, back = Paper('居民用电申请表', date, 'serif'), Paper('居民用电申请表', date, 'serif')
    p = front
    p.centre(60, '居民客户用电申请表', 19, 'sansb')
    p.text(52, 100, f'受理编号：SL{date.replace("-", "")}{rng.randint(100, 999)}', 10)
    p.text(370, 100, f'申请日期：{chinese_date(date)}', 10)
    x, y, h = [52, 138, 300, 378, 543], 122, 32

    def row(*cells, height=h):
        nonlocal y
        for c0, c1, t, label in cells:
            p.cell(x[c0], y, x[c1] - x[c0], height, t, label, 10)
        y += height
    row((0, 1, '户号', 1), (1, 2, a['code'], 0), (2, 3, '户名', 1), (3, 4, a['name'], 0))
    row((0, 1, '证件类型', 1), (1, 2, '居民身份证', 0), (2, 3, '证件号码', 1), (3, 4, a['id_number'], 0))
    row((0, 1, '用电地址', 1), (1, 4, a['address'], 0))
    row((0, 1, '联系电话', 1), (1, 2, a['phones'], 0), (2, 3, '邮政编码', 1), (3, 4, '990012', 0))
    row((0, 1, '业务类型', 1), (1, 4, '■新装  □增容  □过户  □更名  □分户  □销户', 0))
    row((0, 1, '供电电压', 1), (1, 2, '220V', 0), (2, 3, '申请容量', 1), (3, 4, f'{rng.choice([8, 10, 12])}kW', 0))
    row((0, 1, '用电类别', 1), (1, 2, '城镇居民生活用电', 0), (2, 3, '行业分类', 1), (3, 4, '城镇居民', 0))
    row((0, 1, '电价选择', 1), (1, 4, '□执行阶梯电价  ■执行阶梯及峰谷分时电价', 0))
    row((0, 1, '缴费方式', 1), (1, 2, '银行代扣', 0), (2, 3, '扣款账号', 1), (3, 4, account(rng), 0))
    row((0, 1, '产权证明', 1), (1, 4, '不动产权证书复印件1份，身份证复印件1份，均与原件核对一致', 0))
    row((0, 1, '代理人', 1), (1, 2, '', 0), (2, 3, '代理人证件', 1), (3, 4, '', 0))
    row((0, 1, '特殊需求', 1), (1, 4, '阳台预留电动汽车充电桩接线位置；家中有老人使用制氧设备，停电前请电话通知。', 0), height=46)
    row((0, 1, '受理意见', 1), (1, 4, f'资料齐全，同意受理。受理人：宋时雨  {chinese_date(date)}', 0), height=46)
    row((0, 1, '勘查意见', 1), (1, 4, '具备供电条件，由望江台区3号变压器供电，表箱位于单元门厅。勘查人：江枫', 0), height=46)
    p.text(52, y + 14, '填表说明：1. 本表一式两份，请用黑色墨水填写；2. 带“■”为选中项；3. 背面为用电设备清单及客户声明。', 8.5)
    p.text(52, y + 30, '客户服务热线：95500', 8.5)
    p.centre(p.h - 46, '正面', 9)
    p.fields = dict(account_no=a['code'], id_number=a['id_number'], phone=a['phones'])
    p = back
    p.centre(60, '用电设备清单及客户声明', 16, 'sansb')
    x, y = [52, 100, 240, 330, 420, 543], 98
    for i, t in enumerate(('序号', '设备名称', '额定功率', '台数', '备注')):
        p.cell(x[i], y, x[i + 1] - x[i], 26, t, True, 10)
    y += 26
    for n, (name, power, count, note) in enumerate((('空调器', '1.5kW', '3', ''), ('电热水器', '2.0kW', '1', '浴室'), ('电磁灶', '2.1kW', '1', ''), ('电冰箱', '0.2kW', '1', ''), ('洗衣机', '0.5kW', '1', '阳台'), ('制氧机', '0.4kW', '1', '医疗用途'), ('照明及其他', '1.2kW', '1', '')), 1):
        for i, t in enumerate((str(n), name, power, count, note)):
            p.cell(x[i], y, x[i + 1] - x[i], 26, t, size=10)
        y += 26
    y += 18
    p.text(52, y, '客户声明', 12, 'sansb')
    y += 24
    for t in ('一、本人承诺所填写的内容及所提交的资料真实、准确、完整、有效，如有虚假，愿承担由此产生的一切法律责任。',
              '二、本人已知晓阶梯电价、峰谷分时电价及逾期缴费违约金的有关规定，同意按照供电企业公布的标准缴纳电费。',
              '三、本人同意供电企业为办理用电业务保存上述资料，并纳入客户档案统一管理。'):
        y = p.para(52, y, 491, t, 10.5)
    p.text(300, y + 26, f"客户签名：{a['name']}", 11)
    p.text(300, y + 52, f'日期：{chinese_date(date)}', 11)
    p.centre(p.h - 46, '背面', 9)
    return [front, back]


def change_form(a, date, rng):
    """Bears a person's id number but no 户号: a person with two accounts, so nobody can say which one."""
    p = Paper('客户基本信息变更申请表', date, 'kai')
    p.centre(70, '客户基本信息变更申请表', 19, 'sansb')
    p.text(60, 112, f'申请日期：{chinese_date(date)}', 10.5)
    x, y = [60, 160, 350, 535], 134

    def row(*cells, height=36):
        nonlocal y
        for c0, c1, t, label in cells:
            p.cell(x[c0], y, x[c1] - x[c0], height, t, label, 10.5)
        y += height
    row((0, 1, '客户姓名', 1), (1, 3, a['name'], 0))
    row((0, 1, '身份证号码', 1), (1, 3, a['id_number'], 0))
    row((0, 1, '变更项目', 1), (1, 2, '变更前', 1), (2, 3, '变更后', 1))
    row((0, 1, '联系电话', 1), (1, 2, a['phones'], 0), (2, 3, '13800002871', 0))
    row((0, 1, '通信地址', 1), (1, 2, '云岭新区听松路12号', 0), (2, 3, '云岭新区观澜里30号', 0))
    row((0, 1, '电子账单', 1), (1, 2, '未开通', 0), (2, 3, '开通短信账单', 0))
    row((0, 1, '变更原因', 1), (1, 3, '更换手机号码，原号码停止使用，请将名下用电户的停电通知和账单发送到新号码。', 0), height=54)
    row((0, 1, '受理意见', 1), (1, 3, '身份核验一致，请核对具体户号后办理。经办人：宋时雨', 0), height=54)
    p.text(320, y + 40, f"申请人签名：{a['name']}", 11.5)
    p.fields = dict(id_number=a['id_number'], phone_new='13800002871')
    return p


def credit_application(a, date, rng):
    front, back = Paper('客户信用申请表', date, 'serif'), Paper('客户信用申请表', date, 'serif')
    p = front
    p.centre(60, '企业客户信用申请表', 19, 'sansb')
    p.text(52, 100, f'申请编号：XS-{date[:4]}-{date[5:7]}{date[8:]}', 10)
    p.text(370, 100, f'申请日期：{chinese_date(date)}', 10)
    x, y = [52, 138, 310, 388, 543], 122

    def row(*cells, height=30):
        nonlocal y
        for c0, c1, t, label in cells:
            p.cell(x[c0], y, x[c1] - x[c0], height, t, label, 9.5)
        y += height
    amount = rng.randint(10, 90) * 10000
    row((0, 1, '企业名称', 1), (1, 4, a['name'], 0))
    row((0, 1, '信用代码', 1), (1, 2, a['credit_code'], 0), (2, 3, '企业类型', 1), (3, 4, '民营企业', 0))
    row((0, 1, '法定代表人', 1), (1, 2, a['person'], 0), (2, 3, '成立时间', 1), (3, 4, '2017年9月', 0))
    row((0, 1, '联系人', 1), (1, 2, '纪云舒', 0), (2, 3, '手机号码', 1), (3, 4, a['phones'].split(';')[0], 0))
    row((0, 1, '注册地址', 1), (1, 4, a['address'], 0))
    row((0, 1, '开户银行', 1), (1, 2, '云岭商业银行星海支行', 0), (2, 3, '银行账号', 1), (3, 4, account(rng), 0))
    row((0, 1, '申请额度', 1), (1, 2, f'¥{amount:,}.00', 0), (2, 3, '申请期限', 1), (3, 4, '12个月', 0))
    row((0, 1, '担保方式', 1), (1, 4, '□信用  ■保证  □抵押  □质押', 0))
    row((0, 1, '保证人', 1), (1, 2, '裴行舟', 0), (2, 3, '与企业关系', 1), (3, 4, '实际控制人', 0))
    row((0, 1, '近三年营收', 1), (1, 4, '2021年：1,806.42万元；2022年：2,215.90万元；2023年：2,764.35万元', 0))
    row((0, 1, '主要股东', 1), (1, 2, f"{a['person']}（持股62.5%）", 0), (2, 3, '其他股东', 1), (3, 4, '裴行舟（持股37.5%）', 0))
    row((0, 1, '申请用途', 1), (1, 4, '用于补充季节性经营流动资金，支付展陈设备采购款及物流仓储费用，支持新馆开业项目。', 0), height=44)
    row((0, 1, '申请人声明', 1), (1, 4, '本企业承诺所提交的资料真实、完整、有效，并授权贵公司查询本企业的信用信息。如有虚假，愿承担由此产生的一切法律责任。', 0), height=46)
    p.text(330, y + 30, '申请单位（盖章）：', 10.5)
    p.text(330, y + 54, f'日期：{chinese_date(date)}', 10.5)
    p.seal(448, y + 46, a['name'], '公章')
    p.centre(p.h - 46, '正面', 9)
    p.fields = dict(credit=a['credit_code'], phone=a['phones'].split(';')[0], amount=f'{amount:,}.00')
    p = back
    p.centre(60, '客户信用审批意见', 16, 'sansb')
    y = 98
    for label, text in (('调查意见', '经实地走访，该客户经营正常，办公场所为自有房产，近两年无欠费记录，上下游合作稳定。建议授信额度按申请额度的八成核定。调查人：陆晚渔'),
                        ('评分结果', '偿债能力26分，盈利能力18分，经营年限12分，履约记录22分，合计78分，信用等级BBB。'),
                        ('初审意见', '同意调查意见，提交信用委员会审议。初审人：江枫'),
                        ('审批意见', '同意，有效期一年，到期前一个月复审。审批人：许听澜'),
                        ('档案管理', '本表连同营业执照复印件、财务报表、保证合同一并归入客户信用档案，保管期限为业务结清后三年。')):
        p.cell(52, y, 86, 86, label, True, 10)
        p.cell(138, y, 405, 86, text, size=10)
        y += 86
    return [front, back]


def letterhead(p, who):
    p.centre(70, who['name'], 18, 'serifb', ink=(176, 30, 36))
    p.rule(LEFT, 104, RIGHT, 104, 1.4, (176, 30, 36))


def letter(a, own, date, says, rng):
    p = Paper('往来函', date, 'serif')
    letterhead(p, a)
    p.centre(130, '关于更换联系人及账单寄送地址的函' if says != 'name' else '关于申请延期提交年审资料的函', 15, 'sansb')
    p.text(LEFT, 172, f"{own['name']}：", 11.5)
    if says == 'name':
        texts = [f"我公司{a['name']}因财务系统升级，原定于2025年6月15日前提交的年度审验资料无法按期备齐，特申请延期至2025年7月31日。",
                 '延期期间，我公司承诺按原合同约定继续履行各项义务，不因资料延期影响运维服务的质量和响应时间。请贵公司予以支持并函复为盼。']
    else:
        texts = ['因内部岗位调整，我单位自本月起由简宁接替原联系人负责用电及服务合同的日常联络，联系电话13800007788。请将今后的账单、停电通知及往来文件寄送至我单位新址收发室。',
                 '原联系人经手的未结事项（包括第二季度电费发票差错更正、三号计量点换表确认单）由新联系人继续跟进，如有疑问请直接与其联系。']
    y = 200
    for t in texts:
        y = p.para(LEFT, y, ROOM, t, 11.5, lead=1.9)
    if says == 'code':
        p.text(LEFT + 23, y, f"客户编号：{a['code']}", 11.5)
        y += 26
    p.text(LEFT + 23, y, '特此函告。', 11.5)
    p.text(330, y + 60, a['name'], 11.5)
    p.text(380, y + 84, chinese_date(date), 11.5)
    return p


def notice(own, date, rng):
    p = Paper('计划停电检修通知', date, 'song')
    p.centre(80, '计划停电检修通知', 20, 'hei')
    y = p.para(LEFT, 130, ROOM, '因望江变电站10kV母线及二次设备年度检修，拟于2025年6月28日06:00至14:00对望江街、听松路、栖霞路部分线路停电。请各客户提前做好准备，切断电梯、冷库、水泵等重要设备的电源。', 11.5)
    y = p.para(LEFT, y + 6, ROOM, '检修结束后可能提前送电，在未接到送电通知前请一律视为线路带电。因天气原因不能按期检修的，另行通知。', 11.5)
    p.text(360, y + 40, own['name'], 11.5)
    p.text(400, y + 62, chinese_date(date), 11.5)
    return p


def power_of_attorney(a, date, rng):
    p = Paper('授权委托书', date, 'kai')
    p.centre(110, '授 权 委 托 书', 24, 'sansb')
    y = 180
    for t in (f"本授权委托书声明：我{a['person']}系{a['name']}的法定代表人，现授权委托本单位温如许为我公司代理人，以本公司的名义办理枢纽大道10kV配电房土建工程施工合同的谈判、签署、变更及结算事宜。",
              '代理人在授权范围内所签署的一切文件和处理与之有关的一切事务，我公司均予以承认。代理人无转委托权。',
              '委托期限：自签署之日起至2023年12月31日止。'):
        y = p.para(LEFT, y, ROOM, t, 13, lead=2)
    for t in (f"委托单位（盖章）：{a['name']}", f"统一社会信用代码：{a['credit_code']}", f"法定代表人（签字）：{a['person']}", '代理人（签字）：温如许', f'签署日期：{chinese_date(date)}'):
        p.text(LEFT, y + 24, t, 12.5)
        y += 32
    p.seal(LEFT + 260, y - 20, a['name'], '公章')
    p.fields = dict(credit=a['credit_code'])
    return p


def honour(a, date, rng):
    p = Paper('荣誉证书', date, 'kai', ground=(253, 247, 232), wide=True)
    certificate_frame(p, (176, 40, 40))
    p.centre(90, '荣 誉 证 书', 40, 'sansb', ink=(170, 30, 36))
    p.text(110, 190, f"{a['name']}：", 19)
    p.para(110, 236, p.w - 220, '贵单位在二〇二三年度用电安全管理与节能降耗工作中成绩突出，被评为“云岭新区用电诚信示范客户”。', 19, lead=1.9)
    p.text(110, 370, '特发此证，以资鼓励。', 19)
    p.text(500, 450, '云岭新区能源协会', 17)
    p.text(520, 484, '二〇二三年十二月', 17)
    p.seal(640, 474, '云岭新区能源协会', '证书专用章')
    return p


def title_certificate(a, date, rng):
    p = Paper('不动产权证书', date, 'serif', ground=(250, 246, 248))
    certificate_frame(p, (150, 60, 80))
    p.centre(84, '不 动 产 权 证 书', 26, 'sansb')
    p.centre(136, '粤（2020）云岭市不动产权第0090017号', 12.5)
    y = 180
    for k, v in (('权 利 人', a['name']), ('共有情况', '单独所有'), ('坐    落', a['address']), ('不动产单元号', '449902 001003 GB00017 F00010001'), ('权利类型', '国有建设用地使用权／房屋所有权'), ('权利性质', '出让／市场化商品房'), ('用    途', '文化设施用地／展览馆'), ('面    积', '宗地面积3,204.8平方米／房屋建筑面积5,117.32平方米'), ('使用期限', '国有建设用地使用权2018年6月1日起2058年5月31日止')):
        p.cell(78, y, 100, 40, k, True, 11)
        p.cell(178, y, 339, 40, v, size=11)
        y += 40
    p.cell(78, y, 100, 96, '权利其他状况', True, 11)
    p.cell(178, y, 339, 96, '房屋结构：钢筋混凝土结构；总层数：3层；竣工时间：2020年5月。持证人：梁予安。抵押情况：无。', size=11)
    p.text(340, y + 130, '登记机构（章）', 11.5)
    p.text(330, y + 154, '云岭市自然资源局', 11.5)
    p.text(346, y + 178, chinese_date(date), 11.5)
    p.seal(432, y + 164, '云岭市自然资源局', '不动产登记章')
    p.fields = dict(number='0090017', area='5,117.32')
    return p
