//! What other rooms say, in Chinese: English stands in their errors. A variant that has no sentence here does not compile.

use crate::language::language;
use ingest::manifest::ManifestFault;
use reading::{
    engines::{EngineFault, Index, SetupError},
    reason::PoolError,
};
use records::tables::TableError;
use std::{error::Error, io};
use vocabulary::Language;
use web::{
    screens::{imports, search},
    text::Text,
};

const T: Text = Text(Language::Chinese);

/// The sentence of an error of another room; nothing of an error that is not ours.
pub fn chinese(part: &(dyn Error + 'static)) -> Option<String> {
    let of_reread = |error: &ingest::reread::Error| match error {
        ingest::reread::Error::Record(error) => of_records(error),
        ingest::reread::Error::Workers(error) => of_workers(error),
    };
    None.or_else(|| part.downcast_ref().map(of_records))
        .or_else(|| part.downcast_ref().map(of_services))
        .or_else(|| part.downcast_ref().map(of_index))
        .or_else(|| part.downcast_ref().map(of_run))
        .or_else(|| part.downcast_ref().map(of_reread))
        .or_else(|| part.downcast_ref().map(of_engine))
        .or_else(|| part.downcast_ref().map(of_setup))
        .or_else(|| part.downcast_ref().map(of_workers))
        .or_else(|| part.downcast_ref().map(of_print))
        .or_else(|| part.downcast_ref().map(of_serving))
        .or_else(|| {
            part.downcast_ref()
                .map(|cause: &TableError| imports::unreadable(T, cause))
        })
        .or_else(|| part.downcast_ref().map(of_system))
        .or_else(|| part.downcast_ref().map(of_unusable))
}

fn of_records(error: &records::Error) -> String {
    use records::Error as E;
    match error {
        E::Database(cause) => format!("数据库没有应答（{cause}）；请检查它是否在运行，再做一次"),
        E::Inconsistent {
            table,
            column,
            row,
            detail,
        } => {
            let row = match row.as_str() {
                "" => String::new(),
                row => format!(" 第 {row} 行"),
            };
            format!("记录自相矛盾：{table}.{column}{row}（{detail}）；请运行 `dossier verify`")
        }
        E::Conflict {
            what,
            id,
            expected,
            found,
        } => {
            let what = what.chinese();
            format!("{what}“{id}”刚被别人改过（现为版本 {found}，您看到的是 {expected}）；请看最新的再做一次")
        }
        E::Invalid { what, value, reason } => {
            let (what, reason) = (what.chinese(), reason.text(Language::Chinese));
            format!("{what}不能是“{value}”；{reason}")
        }
        E::Absent { what, id } => format!("没有{}“{id}”", what.chinese()),
        E::Exists { what, id } => format!("{}“{id}”已经有了；请换一个", what.chinese()),
        E::Forbidden { needed } => format!("这需要角色 {needed}；请找系统管理员"),
        E::TokenReadsOnly => "这个令牌只能读；请换一个范围为 write 的令牌".to_owned(),
        E::Io { path, source } => format!("{}：{}", path.display(), of_system(source)),
        E::Refused(because) => T.refusal(because),
        E::NewerSchema { found, known } => {
            format!("数据库的结构版本是 {found}，本程序只认识到 {known}；请用更新的程序")
        }
    }
}

fn of_services(error: &services::Error) -> String {
    use services::Error as E;
    match error {
        E::Records(error) => of_records(error),
        E::Index(error) => of_index(error),
        E::Absent { key, .. } => format!("没有“{key}”，或者您不能看；请用 `dossier search` 检索"),
        E::Invalid { field, reason } => format!("{field} 不能用；{}", reason.text(Language::Chinese)),
        E::Export(cause) => format!("清单写不了（{cause}）；请检查磁盘空间，再做一次"),
    }
}

fn of_index(error: &index::Error) -> String {
    use index::Error as E;
    match error {
        E::Query(error) => search::query_fault(T, error),
        E::Records(error) => of_records(error),
        E::Engine(cause) => format!("全文没有应答（{cause}）；全文可以由记录重建，请运行 `dossier reindex`"),
        E::Rebuilding { done } => format!("全文正在重建（已完成 {done} 件）；请稍后再试"),
        E::Io { path, source } => format!("{}：{}", path.display(), of_system(source)),
        E::Unusable { path, reason } => format!("{} 中的全文不能用（{reason}）；将自动重建", path.display()),
        E::Task(cause) => format!("全文的后台工作提前结束（{cause}）；请再做一次"),
    }
}

fn of_run(error: &ingest::run::Error) -> String {
    use ingest::run::Error as E;
    match error {
        E::RootMissing(path) => format!("没有文件或文件夹 {path}；请核对路径"),
        E::UnknownCustomer(code) => {
            format!("没有客户“{code}”；请核对编号，或用 `dossier customers import` 导入")
        }
        E::UnknownLocation(code) => {
            format!("没有库位“{code}”；请核对编号，或用 `dossier locations import` 导入")
        }
        E::RetiredLocation(code) => {
            format!("库位“{code}”已停用，不再收纸；请选别的库位，或用 `dossier locations restore` 恢复")
        }
        E::Held(run) => format!(
            "{} 上的进程 {} 从 {} 起正在收这批文件；加 --wait 可以等它，`dossier batches` 可以看进度",
            run.runner.machine,
            run.runner.process,
            run.since.rfc3339()
        ),
        E::TakenOver => "另一次运行已接手这批文件；已记录的内容不变".to_owned(),
        E::Manifest(error) => {
            let cause = match &error.cause {
                ManifestFault::Table(cause) => imports::unreadable(T, cause),
                ManifestFault::Unreadable(words) => words.clone(),
            };
            let cause = cause.trim_end_matches('。');
            format!("清单 {} 不能用：{cause}；请改正或拿走，再运行一次", error.path)
        }
        E::Workers(error) => of_workers(error),
        E::Record(error) => of_records(error),
    }
}

fn of_workers(error: &PoolError) -> String {
    match error {
        PoolError::Refused(refusal) => refusal.as_detail().text(Language::Chinese),
        PoolError::Unavailable(cause) => {
            let cause = cause.text(Language::Chinese);
            format!("识别进程不可用（{cause}）；请运行 `dossier doctor`")
        }
    }
}

fn of_engine(fault: &EngineFault) -> String {
    match fault {
        EngineFault::Missing { file, folder } => {
            let folder = folder.display();
            format!("{folder} 中没有识别引擎 {file}；请运行一次 `dossier setup`")
        }
        EngineFault::Unreadable { path, folder, cause } => format!(
            "识别引擎 {} 在，但当前用户不能读（{}）；请安装引擎的人再运行一次 `dossier setup`，或 `chmod -R a+rX {}`",
            path.display(),
            cause,
            folder.display()
        ),
        EngineFault::Damaged { path, found } => format!(
            "识别引擎 {} 已损坏（SHA-256 为 {found}）；`dossier setup` 会重新取来",
            path.display()
        ),
    }
}

fn of_setup(error: &SetupError) -> String {
    use SetupError as E;
    let source = |index: &Index| match &index.0 {
        Some(url) => url.clone(),
        None => "软件包源（pip 自己的，或 pip.conf 指定的）".to_owned(),
    };
    let elsewhere = "或在另一台机器上取来（`dossier setup --list`），再用 `dossier setup --offline 文件夹`";
    match error {
        E::Io { path, cause, .. } => format!("{}：{}；请检查路径和读写权限", path.display(), of_system(cause)),
        E::NoPython { cause } => {
            let cause = of_system(cause);
            format!("python3 启动不了（{cause}）；请安装（apt-get install python3-pip），{elsewhere}")
        }
        E::NoPip { said } => format!("python3 没有 pip（{said}）；请安装（apt-get install python3-pip），{elsewhere}"),
        E::Unreached { index, wheel, cause } => {
            let from = source(index);
            format!(
                "取不到 {wheel}，连不上 {from}（{cause}）；请检查网络和代理，或用 PIP_INDEX_URL=https://... 指定镜像，{elsewhere}"
            )
        }
        E::Gone { index, wheel, said } => {
            let from = source(index);
            format!("{from} 没有适合本机的 {wheel}（{said}）；请用 PIP_INDEX_URL=https://... 换一个源，{elsewhere}")
        }
        E::Download { wheel, said } => format!("pip 取不到 {wheel}（{said}）；{elsewhere}"),
        E::WheelMissing { wheel, folder } => format!(
            "{} 中没有 {wheel} 的 wheel；`dossier setup --list` 列出要取哪些",
            folder.display()
        ),
        E::WheelUnreadable { path, cause } => format!("{} 读不了（{cause}）；请重新取来", path.display()),
        E::Digest {
            file,
            wheel,
            found,
            pinned,
        } => format!("{wheel} 中 {file} 的摘要是 {found}，应为 {pinned}；什么也没有安装，请从可信的来源重新取 wheel"),
        E::Notices(cause) => format!("许可与声明读不了（{cause}）；请重新安装本程序"),
        E::Incomplete(fault) => of_engine(fault),
    }
}

fn of_print(error: &::print::PrintError) -> String {
    use ::print::PrintError as E;
    match error {
        E::MissingGlyphs { characters, .. } => {
            format!("现有字体画不出 {characters}；请装上有这些字的字体（如 fonts-noto-cjk），再打印一次")
        }
        E::DoesNotFit { code, .. } => format!("“{code}”放不下；请用大一些的标签，或少放几个码"),
        E::UnusableSheet(cause) => format!("标签纸的尺寸不能用（{cause}）；请换一种标签纸"),
        E::Nothing(_) => "没有可打印的内容；请先选好".to_owned(),
        E::TooMany { count, max, .. } => format!("{count} 项一个文件放不下（最多 {max}）；请只选一部分"),
        E::Pdf(cause) => format!("PDF 写不了（{cause}）；请连同打印的内容一起报告"),
        E::Spreadsheet(cause) => format!("电子表格写不了（{cause}）；同一张表写成 CSV 也许可以"),
    }
}

fn of_serving(error: &web::serve::ServeError) -> String {
    use web::serve::ServeError as E;
    match error {
        E::Exposed(exposed) => {
            let address = exposed.address;
            format!("别的机器可以访问 {address}；请给出 --tls-cert 和 --tls-key，前面有代理做 TLS 时用 --behind-proxy")
        }
        E::Pem { path, reason } => {
            let path = path.display();
            format!("{path} 不能作为 PEM 读取（{reason}）；请给出证书链和它的私钥")
        }
        E::Tls(cause) => format!("证书和私钥不配（{cause}）；请给出同一证书的私钥"),
        E::Listen(cause) => format!("地址没有应答：{}", of_system(cause)),
    }
}

/// An error of another room or of a library in the language of the locale.
pub fn in_words(cause: &(dyn Error + 'static)) -> String {
    match (language(), chinese(cause)) {
        (Language::Chinese, Some(said)) => said,
        _ => cause.to_string(),
    }
}

/// Whether a text is said in Chinese, and not by a library.
pub fn is_chinese(text: &str) -> bool {
    text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
}

/// What the operating system says, where it is one of the usual things.
pub fn of_system(cause: &io::Error) -> String {
    use io::ErrorKind as K;
    let said = match cause.kind() {
        K::NotFound => "没有这个文件或文件夹",
        K::PermissionDenied => "没有权限",
        K::AlreadyExists => "已经有了",
        K::IsADirectory => "这是一个文件夹",
        K::NotADirectory => "路径中有一段不是文件夹",
        K::DirectoryNotEmpty => "文件夹不是空的",
        K::ReadOnlyFilesystem => "文件系统是只读的",
        K::StorageFull => "磁盘已满",
        K::QuotaExceeded => "超过磁盘配额",
        K::InvalidFilename => "文件名不能用",
        K::InvalidData => "内容读不懂",
        K::AddrInUse => "地址已被占用",
        K::AddrNotAvailable => "本机没有这个地址",
        K::ConnectionRefused => "连接被拒绝",
        K::TimedOut => "等待超时",
        K::Interrupted => "被中断",
        K::UnexpectedEof => "内容提前结束",
        K::OutOfMemory => "内存不足",
        _ => return format!("系统没有照办（{cause}）"),
    };
    said.to_owned()
}

fn of_unusable(error: &vocabulary::Unusable) -> String {
    format!("“{}”不能用；{}", error.value, error.reason.text(Language::Chinese))
}

/// Why the value of an option cannot be read, where a library says it.
pub fn of_value(cause: &(dyn Error + 'static)) -> String {
    use std::{
        num::{IntErrorKind, ParseFloatError, ParseIntError},
        str::ParseBoolError,
    };
    if let Some(cause) = cause.downcast_ref::<ParseIntError>() {
        let said = match cause.kind() {
            IntErrorKind::Empty => "没有写数",
            IntErrorKind::PosOverflow => "数太大",
            IntErrorKind::NegOverflow => "数太小",
            IntErrorKind::Zero => "不能是零",
            _ => "请写整数",
        };
        return said.to_owned();
    }
    if cause.is::<ParseFloatError>() {
        return "请写数".to_owned();
    }
    if cause.is::<ParseBoolError>() {
        return "请写 true 或 false".to_owned();
    }
    let said = chinese(cause).unwrap_or_else(|| cause.to_string());
    match is_chinese(&said) {
        true => said,
        false => format!("读不懂（{said}）"),
    }
}
