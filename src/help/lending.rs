//! What the options and arguments of lending are, in Chinese beside the English of their own file.

use super::Pair;

pub const LENDING: &[Pair] = &pairs! {
    "Only these" "只列这些" "Only those of this borrower" "只列此人的"
    "Number or id of the slip" "出借单号或标识"
    "The borrower has signed the slip just now" "借阅人刚在出借单上签字"
    "The place as scanned" "扫到的库位"
    "Which paper; may be left out where only one waits" "哪一件；只有一件待复位时可以不写"
    "First day of the period" "起始日" "Last day of the period" "截止日"
    "Only those that nobody has resolved" "只列未处理的"
    "Id of the incident, as `loans incidents` shows it" "异常的标识，见 `loans incidents`"
    "What was done" "怎样处理的" "The document that stands for what is missing" "替代缺失部分的文件"
    "What was lost was found again; it is written off otherwise" "丢失的已经找到；否则注销"
    "Sign-in name, or name of a person" "登录名，或姓名" "Documents by id or own number" "文件写编号或标识"
    "Department of a person without an account" "没有账号的人所在部门"
    "How many copies of each" "每件几份"
    "The day on which it is to be back; the last one that the class allows when left out"
    "归还日期；不写就是这类借期的最后一天"
    "How long it is lent" "借期类别" "Where it may be used" "使用范围"
    "The borrower has not signed yet, so that nothing is handed out" "借阅人还没有签字，先不出借"
    "Only these papers of the slip" "只还其中这几件"
    "Pages as counted, all papers together; as they were handed out when left out"
    "清点的页数，各件合计；不写就与借出时相同"
    "How they came back" "归还时的状况" "Who received them; you when left out" "接收人；不写就是您"
};
