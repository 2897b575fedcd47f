kinds-title = Document kinds
kinds-unknown = { $n ->
    [one] One document is of unknown kind
   *[other] { $n } documents are of unknown kind
}; what cannot be told is never guessed.
kind-add = Add a kind
kind-inactive = inactive
kind-titles = Title words
kind-content = Content words
kind-code = Code
kind-code-hint = Lower-case letters, digits and underscores; it never changes
kind-name-zh = Chinese name
kind-name-en = English name
kind-titles-hint = One a line. A title that holds it is of this kind; the longest word wins, and a word leads to one kind only.
kind-content-hint = One set a line; words joined by + must all stand in the text, such as 甲方+乙方+本合同. Used where the title says nothing.
kind-group = Group
kind-flags = Usually
kind-flag-o = original expected
kind-flag-c = mostly copies
kind-flag-p = personal data
kind-flag-v = has a validity
kind-flag-s = kept in the safe
kind-flag-f = form
kind-flag-w = working paper of the archive
kind-retention = Retention class
kind-position = Position
kind-active = Active
kind-save = Save
kind-documents = { $n ->
    [one] One document is
   *[other] { $n } documents are
} of this kind and shown under its name; what is filed is not classified anew.
kind-said-saved = Saved; the next file that comes is judged by it.
kind-said-imported = Imported; the next file that comes is judged by it.
kind-try = Try it
kind-try-title = Title
kind-try-text = Text
kind-try-document = or a document that is filed (number or id)
kind-try-run = Which kind?
kind-try-unknown = Unknown: no kind fits
kind-try-tied = Unknown: several fit alike, and it is not guessed
kind-try-by-title = the title holds “{ $word }”
kind-try-by-content = the text holds “{ $word }”
kind-try-no-document = There is no document “{ $document }”.
