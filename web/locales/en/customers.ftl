customers-title = Customers
customers-filter = Name, code, account number, pinyin initials
customers-empty-title = No customers yet
customers-empty = Every customer has exactly one dossier. Import them from a table; its header may be Chinese or English.
customers-none-title = No customer matches “{ $text }”
customers-none = Two characters of the name, a piece of the code or account number, or pinyin initials are enough.
customers-total = { $n ->
    [one] 1 customer
   *[other] { $n } customers
}
customer-code = Code
customer-name = Name
customer-kind = Kind
dossier-no = Dossier number
all-customers = All customers
search-in-dossier = Search in this dossier
print-item-list = Print item list
dossier-empty-title = This dossier is empty
dossier-empty = Scans linked to this customer are listed here, wherever the paper lies.
places-of-dossier = Where the originals are
no-places-of-dossier = No original on a shelf
gaps = Missing
party-until = { $name } (until { $date })
checklist = Checklist
checklist-none = (no checklist chosen)
checklist-hold = Compare
checklist-keep = Keep as this dossier's checklist
checklist-lesson = Choose a checklist to see what this dossier lacks.
checklist-complete = All { $n } kinds of the checklist are there.
checklist-missing = { $missing } of { $asked } kinds are missing (of what you may see).
checklist-lacks = missing
reveal = Show
reveal-number = Show { $label }
reveal-is-logged = Looking at it is recorded in the audit trail
