//! Every detail there is: its code, and its sentence in both languages. `{0}` is the first argument as it is, `{0:reason}`
//! its name in the list of reasons, `{0:step}` what a person can do about that reason, `{0:fact}` its name in the list of
//! facts, `{0:stated}` in the list of what people state, `{0:date}` its name in the list of faults of dates, `{0:sheet}`
//! in that of faults of spreadsheets. A sentence may leave out an argument that only programs want.

/// What a detail says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Sentence {
    pub code: &'static str,
    pub chinese: &'static str,
    pub english: &'static str,
}

macro_rules! details {
    ($( $(#[$about:meta])* $variant:ident = $code:literal, $zh:literal, $en:literal; )+) => {
        /// What was noted, as a stable code.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum DetailCode { $( $(#[$about])* $variant, )+ }

        impl DetailCode {
            pub const ALL: &'static [DetailCode] = &[ $( DetailCode::$variant, )+ ];

            pub const fn sentence(self) -> Sentence {
                match self {
                    $( DetailCode::$variant => Sentence { code: $code, chinese: $zh, english: $en }, )+
                }
            }
        }
    };
}

details! {
    // Joining others.
    /// A sentence that a version before codes has stored; shown as it is.
    TextOfFormerVersion = "text_of_former_version", "{0}", "{0}";
    /// Two details: what a person must decide, and what else was noted.
    Both = "both", "{0}；{1}", "{0}; {1}";
    /// Reason, and what was found.
    Refused = "refused", "{0:reason}：{1}。{0:step}", "{0}: {1}; {0:step}";
    /// The same where what was found says itself what a person can do.
    RefusedAsSaid = "refused_as_said", "{0:reason}：{1}", "{0}: {1}";
    /// What the system or a library says in its own words.
    SystemSays = "system_says", "系统提示“{0}”", "{0}";

    // Whose a document is.
    NamedByManifest = "named_by_manifest", "{0} 第{1}行：{2}", "{0}, line {1}: {2}";
    NamedOnCommandLine = "named_on_command_line", "命令行里指定", "named on the command line";
    NamedByFolder = "named_by_folder", "文件夹 {0}", "the folder `{0}`";
    NumberOnPage = "number_on_page", "第{2}页的{0:fact} {1}", "{0:fact} {1}, page {2}";
    NothingSaysWhose = "nothing_says_whose", "页面上没有写明是谁的", "nothing on the pages says whose it is; choose the customer";
    OneMayFit = "one_may_fit", "没有能确定客户的编号，有一个客户可能相符", "no number says for certain whose it is, one customer may fit; confirm or choose another";
    CustomersFit = "customers_fit", "有 {0} 个客户相符", "{0} customers fit; choose one";
    CustomerUnknownInManifest = "customer_unknown_in_manifest", "{0} 第{1}行写的客户是 {2}，档案里没有", "{0}, line {1} names customer `{2}`, which the archive does not know; add the customer or choose one";
    SeveralCustomersInManifest = "several_customers_in_manifest", "清单给这件文件写了几个客户：{0}", "the manifest names several customers for this document: {0}; choose one";
    NumberOfNobody = "number_of_nobody", "第{2}页上的{0:fact} {1} 不属于档案里的任何客户", "{0:fact} {1} on page {2} belongs to no customer of the archive; add the customer or choose one";
    LocationUnknown = "location_unknown", "档案里没有库位 {0}", "location `{0}` is not in the archive; add it or choose another";
    LocationRetired = "location_retired", "库位 {0} 已停用，不再收纸；请换一个，或恢复使用", "location `{0}` is out of use and takes no paper; choose another or bring it back";
    SameScanOtherCustomer = "same_scan_other_customer", "同一扫描件已是客户 {1} 的文件（{0}）", "the same scan is document {0} of customer {1}; decide whether it belongs to both";
    AboutHiddenDocument = "about_hidden_document", "涉及您无权查看的文件，请由有权的人处理", "it concerns a document that you may not see; somebody who may see it decides";
    SameBytesAsDocument = "same_bytes_as_document", "与已入档的文件 {0} 完全相同", "the same bytes are document {0}";
    SameBytesAsStack = "same_bytes_as_stack", "与已入档的一摞资料完全相同，它拆成了 {1} 件文件：{0}", "the same bytes are a stack that was cut into {1} documents: {0}";
    SameBytesAsFile = "same_bytes_as_file", "与 {0} 完全相同", "the same bytes are in {0}";
    NobodyHasSaid = "nobody_has_said", "还没有人说明是谁的", "nobody has said whose it is; reading it may find out";

    // What was announced of bytes that are in the archive already.
    AnnouncedUsed = "announced_used", "{0:stated}按说明记为 {1}", "the {0:stated} {1} was taken from what was announced";
    AnnouncedDiffers = "announced_differs", "{0:stated}说明为 {1}，文件 {3} 上为 {2}", "the {0:stated} was announced as {1}, document {3} has {2}; decide which is right";
    AnnouncedPlaceCannot = "announced_place_cannot", "说明的库位 {0} 不能放这份原件：{1}", "the announced place {0} cannot take the paper: {1}";
    PlaceHoldsLess = "place_holds_less", "该库位最高只放密级 {0}", "it holds security level {0} at most";
    PlaceIsOutOfUse = "place_is_out_of_use", "已停用", "it is out of use";
    PaperIsInVolume = "paper_is_in_volume", "原件已装入案卷", "the paper is part of a volume";
    PaperCannotMove = "paper_cannot_move", "原件不能上架", "the paper cannot be put away in its state";
    AnnouncedLevelKept = "announced_level_kept", "说明的密级 {0} 低于文件的密级 {1}，密级没有降低", "the announced security level {0} is lower than {1} of the document; it was not lowered";
    AnnouncedOfSeveral = "announced_of_several", "说明为一件的这些文件在档案里是 {0} 件", "what was announced as one document is {0} documents in the archive; decide which is right";
    AnnouncedNotSeen = "announced_not_seen", "文件已撤回或封存，说明的内容没有使用", "the document was withdrawn or is sealed; what was announced was not used";
    AnnouncedNotYet = "announced_not_yet", "{0:stated}会按说明记为 {1}", "the {0:stated} {1} would be taken from what is announced";
    PagesDiffer = "pages_differ", "说明 {0} 页，扫描 {1} 页，请核对", "{0} pages were declared and {1} scanned; compare with the paper";
    // Cover and separator sheets.
    NamedBySheet = "named_by_sheet", "封面页 {0}", "cover sheet {0}";
    SheetsTakenOff = "sheets_taken_off", "取下封面页、分隔页 {0} 张（空白背面 {1} 页），其余为 {2} 件文件", "cover and separator sheets taken off: {0} (and {1} empty backs); documents made from the rest: {2}";
    NothingBehindSheet = "nothing_behind_sheet", "封面页 {0} 后面没有资料，请检查是否漏扫", "no page lies behind cover sheet {0}; check whether papers were left out";
    CustomerUnknownOnSheet = "customer_unknown_on_sheet", "封面页上的 {0} 不是档案里的客户", "the cover sheet says {0}, which is no customer of the archive; add the customer or choose one";
    SheetNamesTwo = "sheet_names_two", "封面页写了两个客户：{0} 和 {1}", "the cover sheet names two customers, {0} and {1}; choose one";
    SheetContradictsList = "sheet_contradicts_list", "封面页写的是 {0}，清单写的是 {1}", "the cover sheet says {0} and the list says {1}; choose one";
    KindUnknownOnSheet = "kind_unknown_on_sheet", "封面页上的类型 {0} 不在类型表里", "the cover sheet says kind {0}, which is not in the list of kinds; choose a kind";
    SheetSaysUnknown = "sheet_says_unknown", "封面页上的代码 {0} 不认识", "the code {0} on the cover sheet is unknown; decide what the papers behind it are";
    SheetAmongFiles = "sheet_among_files", "声明为一件的几个文件里夹有封面页 {0}，没有拆开", "cover sheet {0} lies among files that are declared one document, which was not cut; decide whether it is one";
    CodeOnPaper = "code_on_paper", "第{1}页的正文旁有封面页代码 {0}，没有按封面页处理", "page {1} is full of text and bears the code {0} of a cover sheet, which was not used; check it";
    SheetNotRead = "sheet_not_read", "第{1}页像封面页（{0}），但代码无法识别，没有按封面页处理", "page {1} looks like a cover sheet ({0}) whose code could not be read, and was not used as one; check it";
    SheetPartlyRead = "sheet_partly_read", "封面页（{0}）上还有无法识别的代码，请核对", "cover sheet {0} has a code that could not be read; check what it says";
    OnlySheets = "only_sheets", "只有 {0} 张封面页或分隔页，没有资料", "nothing but {0} cover or separator sheets";

    // What of a query was not understood.
    QueryFieldUnknown = "query_field_unknown", "没有“{0}”这个字段，已按文字检索；可用的字段有户名、类型、库位、日期、状态、密级等", "there is no field `{0}`, so it was searched as text; fields are customer, kind, location, date, state, security and others";
    QueryFieldEmpty = "query_field_empty", "“{0}”后面没有内容，已略去；请在冒号后面写要找的内容", "`{0}` has no value and was left out; write what to look for behind the colon";
    QueryQuotationOpen = "query_quotation_open", "引号没有闭合，已把 {0} 读到末尾；请补上引号", "the quotation {0} is not closed and was read to the end; close it";
    QueryNothing = "query_nothing", "“{0}”里没有可查的内容；请至少写一个字、字母或数字", "there is nothing to search for in `{0}`; write at least one letter, digit or Chinese character";
    QueryKindUnknown = "query_kind_unknown", "没有“{0}”这个文件类型，所以没有结果；类型见 `dossier kinds list` 和左侧的筛选，或去掉这个条件按文字检索", "there is no document kind `{0}`, so nothing was found; kinds are listed by `dossier kinds list` and in the filters, or search for the word without `kind:`";
    QueryPlaceUnknown = "query_place_unknown", "没有“{0}”这个库位，所以没有结果；库位见 `dossier locations list`，只写开头用 {0}*", "there is no place `{0}`, so nothing was found; `dossier locations list` shows all, and `{0}*` means every code that begins so";
    QueryValueUnknown = "query_value_unknown", "“{0}”不是字段{1}（{2}）里的词，所以没有结果；请从筛选里选，或去掉这个条件", "`{0}` is no word of the field {2} ({1}), so nothing was found; choose one from the filters or leave it out";
    QueryStarInside = "query_star_inside", "“{0}”中间的 * 不代表别的字，已略去；请把前后两段分开写", "the * inside `{0}` stands for no other letters and was left out; write the two parts as words of their own";
    QueryNothingHas = "query_nothing_has", "您能看到的文件里，没有{1}为“{0}”的符合其余条件；请核对写法，或去掉这个条件（{2}）", "of what you may see nothing with `{0}` as {2} fits the rest ({1}); check how it is written or leave it out";
    QueryValueCut = "query_value_cut", "“{0}”相符的客户太多，只查了较新的；请写得更具体", "too many customers fit `{0}`, so only the newest were searched; write more of the name";

    // Lines of a manifest. A column is named as the template names it and by its Chinese header.
    ManifestLine = "manifest_line", "第{0}行：{1}", "line {0}: {1}";
    ManifestMoreProblems = "manifest_more_problems", "另有 {0} 个问题", "and {0} more problems";
    ManifestLineNotUsed = "manifest_line_not_used", "{0}；这一行没有使用", "{0}; the line was not used";
    ManifestCellsExceedHeader = "manifest_cells_exceed_header", "单元格比表头多，请检查逗号和引号", "it has more cells than the header; check commas and quotes";
    ManifestPathMissing = "manifest_path_missing", "没有写文件路径", "the path is missing";
    ManifestPathAbsolute = "manifest_path_absolute", "路径“{0}”是绝对路径，请写成相对于清单所在文件夹的路径", "the path `{0}` is absolute; write it relative to the folder of the manifest";
    ManifestPathOutside = "manifest_path_outside", "路径“{0}”不在清单所在的文件夹里", "the path `{0}` leads out of the folder of the manifest";
    ManifestPathIsFolder = "manifest_path_is_folder", "路径“{0}”就是清单所在的文件夹", "the path `{0}` names the folder of the manifest itself";
    ManifestPathTwice = "manifest_path_twice", "第{0}行已写过同一路径", "line {0} has the same path";
    ManifestDateUnusable = "manifest_date_unusable", "日期“{0}”不能用：{1:date}；已略去，请写 2024、2024-05 或 2024-05-13", "the date `{0}` cannot be used: {1:date}; it was left out, write 2024, 2024-05 or 2024-05-13";
    ManifestNumberUnusable = "manifest_number_unusable", "“{1}”（{0}）一列的“{2}”不是数字，已略去", "`{2}` in column {0} ({1}) is not a number; it was left out";
    ManifestOriginalUnknown = "manifest_original_unknown", "原件一列的“{0}”不认识，已略去，请写原件、复印件或无", "`{0}` in column original is unknown; it was left out, write 原件, 复印件 or 无";
    ManifestValueUnusable = "manifest_value_unusable", "“{1}”（{0}）一列的“{2}”不能用，已略去", "`{2}` in column {0} ({1}) cannot be used; it was left out";
    ManifestCellFault = "manifest_cell_fault", "“{1}”（{0}）一列的“{2}”已略去：{3:sheet}", "`{2}` in column {0} ({1}) was left out: {3:sheet}";
    ManifestNameTooLong = "manifest_name_too_long", "“{1}”（{0}）一列的“{2}”太长，已略去，最多 {3} 个字", "`{2}` in column {0} ({1}) is too long for a name; it was left out, {3} characters are allowed";
    ManifestLevelUnknown = "manifest_level_unknown", "没有“{0}”这个密级，已按最高密级处理，请写 0 到 3", "there is no security level `{0}`; the highest was used, write 0 to 3";
    ManifestPathOfSeveral = "manifest_path_of_several", "第{0}行给同一路径写了另一客户（{1}），需要人来决定", "line {0} gives the same path to another customer ({1}); a person has to decide";
    ManifestLinesDiffer = "manifest_lines_differ", "{0:stated}：{1} 写的是 {2}，{3} 写的是 {4}，需要人来决定", "{1} gives the {0:stated} as {2} and {3} as {4}; a person has to decide";
    ManifestKindUnknown = "manifest_kind_unknown", "没有“{0}”这个文件类型，已按原样留作附加项目，请先加类型或改写", "there is no kind of document `{0}`; it was kept as it was written, add the kind or correct the line";
    ManifestCustomerUnknown = "manifest_customer_unknown", "没有客户“{0}”；文件会待确认，请先加客户或改写", "there is no customer `{0}`; the paper would wait for review, add the customer or correct the line";
    ManifestLocationUnknown = "manifest_location_unknown", "没有库位“{0}”；原件会待上架，请先加库位或改写", "there is no location `{0}`; the paper would wait to be shelved, add the location or correct the line";
    ManifestFileNotChosen = "manifest_file_not_chosen", "选定的文件里没有“{0}”", "no chosen file is called `{0}`";
    ManifestCustomersDiffer = "manifest_customers_differ", "文件 {0} 的各行写了不同的客户（{1}），需要人来决定", "the lines of document {0} name different customers ({1}); a person has to decide";

    // Files of a delivery.
    ListOfDelivery = "list_of_delivery", "移交清单", "the list of the delivery";
    LeftByOperatingSystem = "left_by_operating_system", "操作系统留下的文件", "left by an operating system";
    FileOfDocument = "file_of_document", "同一件文件的 {0}：{1}", "{0} of the same document: {1}";
    FilesMax = "files_max", "超过 {0} 个文件，其余下次再收", "more than {0} files, the rest is for the next run";
    FoldersTooDeep = "folders_too_deep", "不进入深到 {0} 层的文件夹", "folders {0} deep are not entered";
    ChangedAgo = "changed_ago", "{0} 毫秒前还在变", "changed {0} ms ago";
    ChangedWhileCopied = "changed_while_copied", "复制时大小或时间变了", "its size or time changed while it was copied";
    ChangedWhileLookedAt = "changed_while_looked_at", "查看时内容变了", "its content changed while it was looked at";
    ChangedWhileDiskFull = "changed_while_disk_full", "磁盘写满时文件变了", "it changed while the disk was full";
    SymbolicLink = "symbolic_link", "是符号链接", "a symbolic link";
    Pipe = "pipe", "是管道", "a pipe";
    Socket = "socket", "是套接字", "a socket";
    Device = "device", "是设备文件", "a device";
    NotRegularFile = "not_regular_file", "不是普通文件", "not a regular file";
    NoBytes = "no_bytes", "文件是空的", "the file has no bytes";
    BeginsWithZeros = "begins_with_zeros", "文件开头全是零", "the file begins with zeros only";
    ContentNotRead = "content_not_read", "内容不是能读的类型", "the content is of no type that is read";
    TypeNotRead = "type_not_read", "{0} 不是能读的类型", "{0} is no type that is read";
    PhotoNotRead = "photo_not_read", "{0} 照片不读，请把手机相机设为“兼容性最佳”，或导出为 JPEG", "photos of type {0} are not read; set the phone to `Most Compatible`, or export it as JPEG";
    PictureNotRead = "picture_not_read", "{0} 图像不读，请另存为 PNG 或 JPEG", "pictures of type {0} are not read; save it as PNG or JPEG";
    DocumentNotRead = "document_not_read", "{0} 文件不读，请用能打开它的软件导出或打印成 PDF", "files of type {0} are not read; export or print it to PDF with a program that opens it";
    PackedNotRead = "packed_not_read", "{0} 压缩包不拆，请解开后放进文件", "archives of type {0} are not opened; unpack it and deliver the files";
    MailNotRead = "mail_not_read", "{0} 邮件不读，请保存附件，邮件本身打印成 PDF", "mails of type {0} are not read; save its attachments, and print the mail itself to PDF";
    TiffKindNotRead = "tiff_kind_not_read", "这一种图像（{0}）不读，请另存为 PDF、PNG 或 JPEG", "images of this kind ({0}) are not read; save it as PDF, PNG or JPEG";
    BytesMax = "bytes_max", "超过 {0} 字节", "more than {0} bytes";
    BytesAllowed = "bytes_allowed", "{0} 字节，最多 {1} 字节", "{0} bytes, {1} are allowed";
    CannotBeOpened = "cannot_be_opened", "打不开（{0}）", "cannot be opened: {0}";

    // Pages.
    PageFailed = "page_failed", "第{0}页：{1}", "page {0}: {1}";
    PagesFailed = "pages_failed", "第{0}页：{1}（另有 {2} 页）", "page {0}: {1} (and {2} more pages)";
    NoPageReadable = "no_page_readable", "没有一页读得出来：{0}", "no page can be read: {0}";
    NoPages = "no_pages", "没有页面", "it has no pages";
    PagesAllowed = "pages_allowed", "{0} 页，最多 {1} 页", "{0} pages, {1} are allowed";
    PagesMax = "pages_max", "超过 {0} 页", "more than {0} pages";
    PagesBeforeFailed = "pages_before_failed", "之前连续 {0} 页也失败了", "{0} pages before it failed too";
    AfterPages = "after_pages", "{0} 页之后：{1}", "after {0} pages: {1}";
    PageOfPages = "page_of_pages", "第{0}页，共 {1} 页", "page {0} of {1}";
    NoSuchPage = "no_such_page", "没有这一页", "no such page";
    PageNumberDamaged = "page_number_damaged", "第{0}页已损坏", "page {0} is damaged";
    PageDamaged = "page_damaged", "页面已损坏", "the page is damaged";
    PageWithoutSize = "page_without_size", "页面没有可用的尺寸", "the page has no usable size";
    PageNotDrawn = "page_not_drawn", "页面画不出来", "the page could not be drawn";
    PixelsAllowed = "pixels_allowed", "{0} x {1} 像素，最多 {2}", "{0} x {1} pixels, {2} are allowed";

    // Formats.
    PdfWantsPassword = "pdf_wants_password", "PDF 有密码", "the PDF wants a password";
    PdfProtected = "pdf_protected", "PDF 的保护方式无法识别", "the PDF is protected in a way that is not known";
    PdfWithoutEnd = "pdf_without_end", "PDF 没有结尾", "the PDF has no end";
    OfdDamaged = "ofd_damaged", "OFD 文件已损坏（{0}），请让开具方重新导出，或打印成 PDF", "the OFD is damaged ({0}); have it exported again, or print it to PDF";
    OfdLacks = "ofd_lacks", "OFD 文件里缺少 {0}，请让开具方重新导出，或打印成 PDF", "the OFD lacks {0}; have it exported again, or print it to PDF";
    OfdWithoutPages = "ofd_without_pages", "OFD 文件里没有页面，请让开具方重新导出，或打印成 PDF", "the OFD has no pages; have it exported again, or print it to PDF";
    OfdFileDamaged = "ofd_file_damaged", "OFD 里的 {0} 已损坏（{1}），请让开具方重新导出，或打印成 PDF", "{0} in the OFD is damaged ({1}); have it exported again, or print it to PDF";
    OfdEncrypted = "ofd_encrypted", "OFD 已加密，请在 OFD 阅读器里打开，打印成 PDF", "the OFD is encrypted; open it in an OFD reader and print it to PDF";
    OfdFileTooLarge = "ofd_file_too_large", "OFD 里的 {0} 解开后太大，最多 {1} 字节，请打印成 PDF", "{0} in the OFD is too large unpacked, {1} bytes are allowed; print it to PDF";
    OfdTooManyFiles = "ofd_too_many_files", "OFD 里有 {0} 个文件，最多 {1} 个，请打印成 PDF", "the OFD has {0} files inside, {1} are allowed; print it to PDF";
    OfdPageTooLarge = "ofd_page_too_large", "OFD 的这一页内容太多，最多 {0} 个对象，请打印成 PDF", "the page of the OFD has too much on it, {0} objects are allowed; print it to PDF";
    SignatureDigestsFit = "signature_digests_fit", "签名 {0}：文件内容与签名时的摘要一致；签名本身（谁签的、证书是否有效）没有验证", "signature {0}: the content is as it was when its digests were signed; who signed it and whether the certificate holds was not checked";
    SignatureBroken = "signature_broken", "签名 {0} 不符：{1} 在签名后被改动。请向开具方核实", "signature {0} does not fit: {1} was changed after it was signed; ask who issued it";
    SignatureListBroken = "signature_list_broken", "签名 {0} 不符：签名保护的摘要清单被改动。请向开具方核实", "signature {0} does not fit: its list of digests was changed after it was signed; ask who issued it";
    SignatureNotChecked = "signature_not_checked", "签名 {0} 没有验证，需要时请在 OFD 阅读器里验证", "signature {0} was not checked; verify it in an OFD reader where it matters";
    SignatureUnreadable = "signature_unreadable", "签名没有验证：{0} 读不出来", "a signature was not checked: {0} cannot be read";
    PdfDamaged = "pdf_damaged", "PDF 已损坏", "the PDF is damaged";
    PdfWithoutPages = "pdf_without_pages", "PDF 里没有页面", "the PDF has no pages";
    ContentLostWithEnd = "content_lost_with_end", "页面内容随文件结尾一起丢失", "the content of the page is lost with the end of the file";
    PageLost = "page_lost", "页面在文件损坏的部分，已丢失", "the page is lost with the damaged part of the file";
    ContentLost = "content_lost", "页面内容在文件损坏的部分，已丢失", "the content of the page is lost with the damaged part of the file";
    ImageLost = "image_lost", "页面上有图像在文件损坏的部分，已丢失", "an image of the page is lost with the damaged part of the file";
    ImageCutOff = "image_cut_off", "文件已损坏，页面图像被截断", "the image of the page is cut off in the damaged file";
    ImageNotDecoded = "image_not_decoded", "文件已损坏，页面上有图像解不出来", "an image of the page could not be decoded from the damaged file";
    NothingSaved = "nothing_saved", "文件已损坏，这一页什么也没能救出来", "nothing of the page could be saved from the damaged file";
    JpegWithoutEnd = "jpeg_without_end", "JPEG 没有结束标记", "the JPEG has no end marker";
    WebpEndsEarly = "webp_ends_early", "WebP 文件不完整", "the WebP ends early";
    ImageWithoutPixels = "image_without_pixels", "图像没有像素", "an image without pixels";
    ImageLacksRows = "image_lacks_rows", "图像缺少部分行", "the image lacks rows";
    FaxRowsMissing = "fax_rows_missing", "{1} 行传真数据里缺 {0} 行", "{0} of {1} rows of fax data are missing";
    FaxTilesMissing = "fax_tiles_missing", "{1} 块传真数据里缺 {0} 块", "{0} of {1} tiles of fax data are missing";
    FaxEndsEarly = "fax_ends_early", "传真数据不完整", "the fax data end early";
    PaletteOdd = "palette_odd", "调色板图像的目录不对", "a palette image with an odd directory";
    DirectoryCut = "directory_cut", "图像的目录被截断", "the directory of the image is cut";
    TiffSamplesNotRead = "tiff_samples_not_read", "不读 {0} 类的 TIFF 像素，请另存为 PDF、PNG 或 JPEG", "tiff samples of kind {0} are not read; save it as PDF, PNG or JPEG";
    EncodingFailed = "encoding_failed", "编码失败（{0}）", "encoding failed: {0}";

    // What a scan holds besides its pages.
    FormNotDrawn = "form_not_drawn", "动态表单（XFA）的内容不在页面上，页面只是占位，请用 Adobe Reader 打开，打印成 PDF 再放进来", "the content of this dynamic form (XFA) is not on its pages, which only ask for another program; open it in Adobe Reader, print it to PDF and deliver that";
    PapersInside = "papers_inside", "这是一个 PDF 包，资料在里面的 {0} 个文件里，没有收进来：{1}。请取出后放进来", "a portfolio: its papers are the {0} files inside, which were not taken in: {1}; take them out and deliver them";
    FilesAttached = "files_attached", "附有 {0} 个文件，没有收进来：{1}", "{0} files are attached and were not taken in: {1}";
    FilesTakenOut = "files_taken_out", "里面有 {0} 个文件另列：{1}", "{0} files inside it have lines of their own: {1}";
    CameIn = "came_in", "夹在 {0} 里", "came in {0}";
    FilesInsideBeyond = "files_inside_beyond", "里面还有文件没有取出来（一个文件里最多取 {0} 个、合计 {1} 字节、{2} 层）：{3}。请取出后放进来", "files inside it were not taken out (of one file at most {0}, {1} bytes together, {2} deep): {3}; take them out and deliver them";
    FileInsideDamaged = "file_inside_damaged", "里面的这个文件损坏，取不出来，请另要一份", "this file inside it is damaged and could not be taken out; ask for another copy";

    // Workers.
    NoAnswerWithin = "no_answer_within", "{0} 内没有结果", "no answer within {0}";
    MachineBusy = "machine_busy", "{0} 里机器没有给它处理器时间，文件本身没有问题，请在机器空闲时重新识别", "the machine gave it no processor time within {0}; nothing is wrong with the paper, read it again when the machine is idle";
    ScanTookLonger = "scan_took_longer", "这份扫描件处理超过 {0}", "the scan took more than {0}";
    MemoryMax = "memory_max", "占用内存超过 {0} 字节", "more than {0} bytes of memory";
    WorkerEnded = "worker_ended", "工作进程中断（{0}）", "the worker ended: {0}";
    WorkerNotStarted = "worker_not_started", "工作进程无法启动（{0}）", "the worker could not be started: {0}";
    WorkerNotUnderstood = "worker_not_understood", "工作进程的回答无法理解（{0}）", "the worker's answer was not understood: {0}";
    WorkerOutOfTurn = "worker_out_of_turn", "工作进程答非所问", "the worker answered something else";
    NoFileCame = "no_file_came", "没有收到文件", "no file came";
    NoBitmapCame = "no_bitmap_came", "没有收到图像", "no bitmap came";
    OpenVinoNotLoaded = "openvino_not_loaded", "OpenVINO 在，但加载不了（{0}），请再运行一次 `dossier setup`，或设 `ocr_engine = \"onnxruntime\"`", "OpenVINO is there and could not be loaded ({0}); run `dossier setup` again, or set `ocr_engine = \"onnxruntime\"`";
    OnnxRuntimeNotLoaded = "onnx_runtime_not_loaded", "ONNX Runtime 加载不了（{0}），它需要 glibc 2.28 以上；请再运行一次 `dossier setup`", "ONNX Runtime could not be loaded ({0}); it needs glibc 2.28 or newer, and `dossier setup` brings it again";
    ModelNotLoaded = "model_not_loaded", "识别模型 {0} 用不了（{1}），请运行 `dossier doctor` 查看哪个文件坏了，再用 `dossier setup` 重新取来", "the model {0} cannot be used ({1}); `dossier doctor` says which file is damaged, and `dossier setup` fetches it again";
    NetworkFailed = "network_failed", "识别模型在这一页上出错（{0}），扫描件没有问题，请用 `dossier reread` 重新识别", "a network failed on this page ({0}); nothing is wrong with the scan, read it again with `dossier reread`";
    PixelsNotHad = "pixels_not_had", "取不到这一页的图像（{0}），多半是内存不够，请减少 `workers` 后重新识别", "the pixels of this page could not be had ({0}), mostly for want of memory; set fewer `workers` and read it again";
    NoSecondNetwork = "no_second_network", "没有第二个识别模型，请运行 `dossier setup` 取来后再试", "there is no second recogniser for another opinion; `dossier setup` brings it";
    NoScanOpen = "no_scan_open", "没有打开的扫描件", "no scan is open";

    // Reading again.
    DocumentWithdrawn = "document_withdrawn", "文件已被撤回", "the document was withdrawn meanwhile";
    OrderCancelled = "order_cancelled", "已取消", "cancelled";
    WorkerDiedOften = "worker_died_often", "处理多次中断，已放弃", "its worker died too often; given up";

    // Decisions of people.
    LinkedBy = "linked_by", "由 {0} 归户", "linked by {0}";
    SentBackBecause = "sent_back_because", "{0}", "{0}";
}
