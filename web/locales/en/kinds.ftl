kinds-title = Document kinds
kinds-unknown = { $n ->
    [one] 1 document is unclassified
   *[other] { $n } documents are unclassified
}; uncertain documents are never guessed.
kind-add = Add kind
kind-inactive = inactive
kind-titles = Title words
kind-content = Content words
kind-code = Code
kind-code-hint = Lower-case letters, digits and underscores; cannot be changed later
kind-name-zh = Chinese name
kind-name-en = English name
kind-titles-hint = One per line. A title containing the word is of this kind; the longest word wins, and a word belongs to one kind only.
kind-content-hint = One set per line; all words joined by + must be in the text, for example 甲方+乙方+本合同. Used only when the title does not decide.
kind-group = Group
kind-flags = Usually
kind-retention = Retention class
kind-position = Position
kind-active = Active
kind-save = Save
kind-documents = { $n ->
    [one] One document is
   *[other] { $n } documents are
} of this kind. A new name is shown at once; filed documents are not reclassified.
kind-said-saved = Saved. It applies from the next file that is ingested.
kind-try = Test the rules
kind-try-title = Title
kind-try-text = Text
kind-try-document = or a filed document (number or ID)
kind-try-run = Classify
kind-try-unknown = Unclassified: no kind matches
kind-try-tied = Unclassified: several kinds match equally well
kind-try-by-title = the title contains “{ $word }”
kind-try-by-content = the text contains “{ $word }”
kind-try-no-document = There is no document “{ $document }”.
