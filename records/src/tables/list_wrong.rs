//! Why a kind or a checklist cannot be as a line or a form states it: a code with an argument.

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ListWrong {
    /// 1 to 64 of a-z, 0-9 and _
    CodeForm,
    CodeTaken,
    Group,
    /// 1 to 80 characters on one line.
    Text,
    /// The word leads to another kind already.
    WordTaken {
        kind: String,
    },
    /// `;` stands between words, never in one.
    WordSeparator,
    TooMany {
        max: usize,
    },
    /// A content word of one character stands on every page.
    WordShort,
    Retention,
    Flags,
    Level,
    Position,
    YesOrNo,
    CustomerKind,
    /// No kind has this code or name.
    KindUnknown,
    KindTwice,
    /// The kind is offered no more, so that no dossier could ever be complete.
    KindRetired,
    /// A checklist asks for at least one kind.
    NoKinds,
    /// Another checklist for the same customers has this name.
    NameTaken {
        checklist: String,
    },
}

impl ListWrong {
    /// A stable word for programs and for the sentences of screens.
    pub fn code(&self) -> &'static str {
        match self {
            ListWrong::CodeForm => "code_form",
            ListWrong::CodeTaken => "code_taken",
            ListWrong::Group => "group",
            ListWrong::Text => "text",
            ListWrong::WordTaken { .. } => "word_taken",
            ListWrong::WordSeparator => "word_separator",
            ListWrong::TooMany { .. } => "too_many",
            ListWrong::WordShort => "word_short",
            ListWrong::Retention => "retention",
            ListWrong::Flags => "flags",
            ListWrong::Level => "level",
            ListWrong::Position => "position",
            ListWrong::YesOrNo => "yes_or_no",
            ListWrong::CustomerKind => "customer_kind",
            ListWrong::KindUnknown => "kind_unknown",
            ListWrong::KindTwice => "kind_twice",
            ListWrong::KindRetired => "kind_retired",
            ListWrong::NoKinds => "no_kinds",
            ListWrong::NameTaken { .. } => "name_taken",
        }
    }

    /// The other record that the sentence names, or the number that is the limit; empty where it names none.
    pub fn other(&self) -> String {
        match self {
            ListWrong::WordTaken { kind } => kind.clone(),
            ListWrong::NameTaken { checklist } => checklist.clone(),
            ListWrong::TooMany { max } => max.to_string(),
            _ => String::new(),
        }
    }
}

impl std::fmt::Display for ListWrong {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            ListWrong::CodeForm => "a code has 1 to 64 of a-z, 0-9 and _",
            ListWrong::CodeTaken => "it exists already; choose another code, or change that one",
            ListWrong::Group => "use one of the groups that the list of kinds shows",
            ListWrong::Text => "it has 1 to 80 characters on one line",
            ListWrong::WordTaken { kind } => {
                return write!(f, "it leads to the kind {kind} already; take it from one of them");
            }
            ListWrong::WordSeparator => "the sign ; stands between words",
            ListWrong::TooMany { max } => return write!(f, "there are at most {max}"),
            ListWrong::WordShort => "each word has at least two characters; a single one stands on every page",
            ListWrong::Retention => "it has at most 40 characters on one line",
            ListWrong::Flags => {
                "flags are the letters O C P V S F W, or the words of the form of kinds with ; between them"
            }
            ListWrong::Level => "write 0 to 3, or the word of a level",
            ListWrong::Position => "it is a whole number",
            ListWrong::YesOrNo => "write 1 or 0",
            ListWrong::CustomerKind => "write person, organisation, or nothing for any customer",
            ListWrong::KindUnknown => "there is no kind of this code or name; `dossier kinds export` lists them",
            ListWrong::KindTwice => "the list asks for it twice; leave one",
            ListWrong::KindRetired => {
                "this kind is retired, so that no dossier could be complete; leave it out or take the kind up again"
            }
            ListWrong::NoKinds => "a checklist asks for at least one kind",
            ListWrong::NameTaken { checklist } => {
                return write!(f, "the checklist {checklist} for the same customers has this name");
            }
        })
    }
}
