map-of = { $place } 的平面图
map-show = 在图上看
map-print = 打印平面图
map-open = 请打开密集架 { $column }。
map-place = { $code }：{ $papers } 件，{ $boxes } 盒
map-legend = 颜色越深放得越多，白色是空的。按 Tab 在库位间移动，回车打开。
map-forecast = 共 { $places } 个库位，空 { $empty } 个，存 { $papers } 件。近六个月平均每月入库 { $month } 件，照此约 { $months } 个月后放满。
map-forecast-none = 共 { $places } 个库位，空 { $empty } 个，存 { $papers } 件。近六个月入库太少，还不能预计何时放满。
