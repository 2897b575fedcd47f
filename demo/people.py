"""The invented customers, shelves and organisations of the sample archive, with valid check digits."""

ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY'


def credit_code(region, serial):
    """GB 32100-2015: 91, region, nine characters of organisation code with its own check digit (GB 11714), check character."""
    values = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'
    c9 = 11 - sum(values.index(a) * w for a, w in zip(serial, (3, 7, 9, 10, 5, 8, 4, 2))) % 11
    body = '91' + region + serial + {10: 'X', 11: '0'}.get(c9, str(c9))
    weights = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
    return body + ALPHABET[(31 - sum(ALPHABET.index(a) * w for a, w in zip(body, weights)) % 31) % 31]


def id_number(region, birth, serial):
    """GB 11643-1999 with its ISO 7064 MOD 11-2 check character."""
    body = region + birth + serial
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + '10X98765432'[sum(int(a) * w for a, w in zip(body, weights)) % 11]


def company(code, name, serial, person, phone, address, region, grade, account='', status='active'):
    return dict(code=code, name=name, kind='organisation', credit_code=credit_code(region, serial), id_number='', phones=phone, account_no=account,
                address=address, status=status, grade=grade, region='云岭新区', person=person)


def household(account, name, ident, phone, address, grade='C', status='active'):
    return dict(code=account, name=name, kind='person', credit_code='', id_number=ident, phones=phone, account_no='', address=address, status=status,
                grade=grade, region='云岭新区', person=name)


SHEN = id_number('119901', '19880416', '302')

CUSTOMERS = [
    company('KH-0001', '深圳华宸智汇信息技术有限公司', 'MA5F0H3K', '陆景行', '13800000117;0755-55500117', '云岭市南屏区创想一路17号智汇大厦B座12层', '449901', 'A'),
    company('KH-0002', '深圳华宸智惠信息技术有限公司', 'MA5F0J8W', '陆景珩', '13800000118', '云岭市南屏区创想一路18号惠民中心3层305室', '449901', 'B'),
    company('KH-0003', '杭州嘉禾云帆供应链管理有限公司', 'MA2B7C1D', '傅清越', '13800000203;0571-55500203', '云岭市西溪区听雨街99号软件园C座6层', '339901', 'B'),
    company('KH-0004', '成都天穹博远新能源科技有限公司', 'MA6C4E9T', '沈星野', '13800000304', '云岭市锦西区天枢大道中段366号', '519901', 'A', account='0512009930'),
    company('KH-0005', '北京晟通蓝海建筑工程有限责任公司', 'MA01D2G5', '韩牧之', '13800000405;010-55500405', '云岭市北望区中轴南路8号院2号楼', '119902', 'C'),
    company('KH-0006', '上海卓越金桥医疗器械股份有限公司', 'MA1K3P7R', '苏望舒', '13800000506', '云岭市东汇区博文路500号5幢', '319901', 'A'),
    company('KH-0007', '武汉鼎盛聚力商贸有限公司', 'MA4K8Q2X', '程砚秋', '13800000607', '云岭市武昌里区中南四路21号1层', '429901', 'C'),
    company('KH-0008', '广州恒信瑞丰文化传媒有限公司', 'MA59T6U4', '梁予安', '13800000708', '云岭市越秀里区星海路77号', '449902', 'B', status='potential'),
    household('0512003871', '沈若溪', SHEN, '13800001871', '云岭新区听松路12号3单元402室'),
    household('0512007714', '沈若溪', SHEN, '13800001871', '云岭新区望江街28号1单元1701室'),
    household('0512005118', '程知行', id_number('119901', '19790923', '117'), '13800001118', '云岭新区竹影巷5号2单元201室'),
    household('0512005181', '程知珩', id_number('119901', '19811205', '135'), '13800001181', '云岭新区竹影巷5号2单元202室'),
    household('0512006042', '叶梓涵', id_number('119902', '19950630', '246'), '13800001042', '云岭新区栖霞路66号8栋909室', grade='B'),
    household('0512001203', '顾怀瑾', id_number('119902', '19630211', '019'), '13800001203', '云岭新区老街巷1号', status='historic'),
]

OWN = dict(code='', name='云岭新区供电服务有限公司', credit_code=credit_code('119900', 'MA00A1B2'), person='许听澜', phones='0100-5550000', address='云岭新区枢纽大道1号')
STRANGER = dict(code='', name='南京不周山数据服务有限公司', credit_code='', person='白叙言', phones='13800009999', address='云岭市玄武里区山河路3号')


def place(code, name, kind, capacity='', keeper=''):
    return dict(code=code, name=name, kind=kind, capacity=capacity, keeper=keeper)


LOCATIONS = [
    place('K1', '一号库房', 'room', keeper='林知遥'),
    place('K1-01', '一号库房01架', 'rack'),
    place('K1-01-A', '01架A列', 'column'),
    place('K1-01-A-1', '01架A列1层', 'shelf', '900'),
    place('K1-01-A-1-01', '01架A列1层01格', 'slot', '60'),
    place('K1-01-A-1-02', '01架A列1层02格', 'slot', '60'),
    place('K1-01-A-1-03', '01架A列1层03格', 'slot', '60'),
    place('K1-02', '一号库房02架', 'rack'),
    place('K1-02-B', '02架B列', 'column'),
    place('K1-02-B-3', '02架B列3层', 'shelf', '900'),
    place('K1-02-B-3-04', '02架B列3层04格', 'slot', '60'),
    place('K1-02-B-3-05', '02架B列3层05格', 'slot', '60'),
    place('三楼', '三楼营业厅', 'room', keeper='闻人语'),
    place('三楼-A柜', '营业厅A柜', 'rack'),
    place('三楼-A柜-02', '营业厅A柜02层', 'shelf', '400'),
    place('SAFE', '权证室', 'room', keeper='林知遥'),
    place('SAFE-01', '权证保险柜1号', 'safe', '200'),
    place('RT', '阅览室', 'room'),
    place('RT-01', '阅览桌1号', 'reading_table'),
]
