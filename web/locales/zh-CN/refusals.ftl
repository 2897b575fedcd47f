# Why a request is not carried out: refused-CODE for each code of records::RefusedBecause.
refused-account-changed = 账户刚刚被修改或停用，请重新登录。
refused-name-is-kept = 账户“{ $name }”已写入审计记录，不能改名。请另建账户并停用这个账户。
refused-needs-account = “{ $name }”在这里没有账户，请用账户登录后再做。
refused-last-administrator = “{ $name }”是最后一位能登录的系统管理员，请先给别人这个角色。
refused-set-up-already = 已经有人能登录了；其他账户由系统管理员添加。
refused-link-is-over = 链接已用过、已被替换或已过期，请索取新的链接。
refused-grant-to-self = 不能给自己授权，请找另一位系统管理员。
refused-level-above-clearance = 不能设定高于本人密级权限的密级。
refused-second-person = 撤回的文件要由另一人恢复，请找 { $others }。
refused-no-second-person = 撤回的文件要由另一人恢复，但没有其他档案管理员能看到它，请系统管理员增加一位。
refused-grant-needs-second = 授权要由另一人确认，不能是提出的人或被授权的人，请找 { $others }。
refused-grant-has-no-second = 授权要由另一人确认，但没有其他系统管理员。可以请一位档案管理员提出，由您确认。
refused-grant-closed = 授权已处于“{ $state }”状态，请重新查看列表。
refused-grant-is-over = 授权的期限已过，请重新提出并改晚截止时间。
refused-dossier-hidden = 这户档案里有您看不到的文件，请系统管理员提出授权。
refused-too-many-named = 一件文件最多写明 { $most } 个其他客户。
refused-in-volume = 文件 { $document } 已装订成案卷，请把案卷上架。
refused-original-cannot-move = 原件处于“{ $state }”状态，不能上架。
refused-place-level = { $place } 最高可放密级 { $highest }，而要放的是 { $level }，请放到别处。
refused-place-unknown = { $check ->
    [wrong] { $place } 的校验位不对，请重新看标签；可能是 { $nearest }。
   *[none] 没有库位 { $place }；相近的有：{ $nearest }。
}
refused-place-kind = { $kind ->
    [outside_safe] { $place } 不在保险柜里，而它要存保险柜；请写保险柜里的库位。
   *[other] { $place } 不能直接放{ $thing ->
        [box] 盒
        [binder] 文件夹
        [bag] 袋
       *[paper] 纸件
    }；请写其中的层、格或盒。
}
refused-place-full = { $place } 放不下：还剩 { $free } { $unit ->
    [mm] 毫米
   *[pieces] 件
}，要放的有 { $needs }；请放到别处。
refused-container-in-itself = 盒不能放进自己里面。
refused-containers-too-deep = 盒套盒最多 { $most } 层。
refused-document-cannot = 文件处于“{ $state }”状态，不能执行“{ $act }”。
refused-batch-cannot = 批次处于“{ $from }”状态，不能改为“{ $to }”。
refused-batch-not-held = 这个批次已由另一次运行接手；已记录的内容不变。
refused-line-changed = 第 { $page } 页第 { $line } 行的文字已经变了，请看最新的再改。
refused-nothing-to-reread = 没有需要重新识别的内容：在“{ $name }”中没有您能看到的这样的页。
refused-too-many-to-reread = { $documents } 件文件超过一次的上限 { $most }，请按批次或用更低的置信度。
refused-scan-of-page-missing = 第 { $page } 页所指的扫描件不存在。
refused-too-many-searches = 已保存 { $count } 个检索，请先删除不用的。
refused-trail-not-written = 审计记录写不进去，所以不显示内容。请告诉系统管理员。
refused-too-many-lookups = 按个人号码检索的次数太多，请 { $minutes } 分钟后再试，或请有权查看号码的人检索。
refused-second-must-agree = 这件事需要两个人：已经记下，另一位有权的人在 { $days } 天内到“管理 › 待第二人”里确认，就会生效。
refused-clearance-above-own = 不能给新账户高于自己的可见密级。请先按自己的密级添加，再提高，由另一位系统管理员确认。
refused-trail-closed = 程序正在停止，所以不显示内容。
refused-interrupted = 操作中途停止了，请再做一次。
refused-other-archive = 扫描件库 { $vault } 属于另一个档案室，请检查数据目录和数据库设置。
refused-no-archive = { $place } 中没有档案室；请用 --data 指定档案室所在的文件夹，或用 dossier init 在此新建。
refused-record-elsewhere = { $vault } 中是档案室 { $archive } 的扫描件，而它的记录不在 { $place }；请用 --database 指定它的数据库，或用 --data 换一个文件夹。
refused-vault-elsewhere = 数据库 { $place } 中是档案室 { $archive }，而它的扫描件不在 { $vault }；请用 --data 指定它的文件夹（扫描件已丢失时，把 { $archive } 写入 { $vault }/ARCHIVE 再运行 dossier verify）。
refused-scan-differs = 扫描件 { $scan } 的大小不对，请运行完整检查。
refused-no-record-file = { $file } 不是档案室的数据库，或已损坏；请用备份中的那份换上，或用 --data 换一个文件夹。
refused-database-unreachable = 连接不上 { $place } 的数据库（{ $cause }）；请检查它是否在运行，以及地址和密码。
refused-field-not-put-back = 这一项不能从修改台账恢复，请在显示它的地方修改。
refused-place-holds-paper = { $place } 还存有资料（{ $things } 件），请先移到别处再停用。
refused-stocktake-open = { $scope } 正在盘点中（盘点 { $id }）。请在那里清点，或先结束它。
refused-stocktake-closed = 这次盘点已结束，请另开一次。
refused-stocktake-outside = { $place } 不在盘点范围 { $scope } 内。请扫范围内的库位。
refused-stocktake-unsettled = 还有 { $count } 处差异未处理，也没有责任人，请先处理。
refused-stocktake-of-other = 这次盘点由 { $by } 开始，其可见范围包括全部所点。请由 { $by } 结束。
refused-place-out-of-use = { $place } 已停用，请放到别处。
refused-loan-too-long = { $until } 超过了这类借期的上限，最迟 { $latest } 归还。
refused-loan-day-over = 今天已经下班，当日归还的借不了了；请换一类借期，或明天再借。
refused-loan-cannot = 出借单 { $no } 处于“{ $from }”状态，不能变为“{ $to }”。请看它现在的样子。
refused-loan-of-oneself = 不能审批自己的出借单，请另一位有权的人审批。
refused-loan-step-of-others = 出借单 { $no } 现在轮到“{ $step }”审批，要由那个环节的人办理。
refused-loan-incomplete = 出借单 { $no } 还缺：{ $missing }。补齐后才能出借。
refused-loan-level = “{ $thing }”的密级是 { $level }，借阅人最高只能借 { $clearance }。
refused-thing-is-out = “{ $thing }”已按出借单 { $no } 借出，这张出借单继续排队。
refused-thing-is-wanted = “{ $thing }”留给排队更早的出借单 { $no }，请先出借那一张。
refused-thing-not-there = “{ $thing }”处于“{ $state }”状态，不能出借。
refused-thing-has-incident = “{ $thing }”有异常未处理，先处理异常。
refused-borrower-locked = 账户“{ $name }”已停用，不能借给它。
refused-wrong-slot = { $place } 不是它的位置，应放回 { $right }。
refused-no-way-back = “{ $thing }”没有按这张出借单归还，或者已经放回原位。
refused-incident-is-resolved = 这项异常已经处理过了，请重新查看列表。
refused-own-rights = 自己的{ $what ->
    [roles] 角色
    [clearance] 可见密级
   *[lock] 账户
}由另一位系统管理员改。
refused-account-locked = 账户“{ $name }”已停用，先启用再生成链接。
refused-kind-in-use = 类型“{ $kind }”已有文件或清单用到，不能删；停用它，就不再提供。
refused-checklist-in-use = 有客户的档案按清单“{ $checklist }”核对，不能删；停用它，就不再提供。
refused-upload-busy = 这个文件的另一段正在写入，请重发。
refused-upload-gap = 这个文件只收到 { $received } 字节，请从那里继续。
refused-upload-too-long = 这个文件登记的是 { $bytes } 字节，发来的超出了。
refused-upload-piece-too-large = 每段最多 { $most } 字节。
refused-upload-incomplete = 还有 { $files } 个文件没有收全，请先传完。
refused-upload-files = 一次上传 1 到 { $most } 个文件，这次是 { $files } 个。
refused-upload-cannot = 上传的状态是 { $from }，不能变成 { $to }。
refused-too-many-uploads = 已有 { $most } 个上传没有结束，请先完成或取消。
refused-second-is-yourself = 这是您自己提请的，要由另一位有权的人确认。
refused-factor-is-on = 动态码已经启用，请先关闭。
refused-factor-of-oneself = 不能重置自己的动态码：用一个动态码关闭它，或请另一位系统管理员重置。
refused-account-closed = 账户“{ $name }”已停用，请找系统管理员。
refused-no-name-left = 叫“{ $name }”的账户太多了，请系统管理员看一下。
