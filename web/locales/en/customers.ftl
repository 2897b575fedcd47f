customers-title = Customers
customers-filter = Name, code, account number, pinyin initials
customers-empty-title = No customers yet
customers-empty = Every customer has one dossier. Import customers from a table; headers may be Chinese or English.
customers-none-title = No customer matches “{ $text }”
customers-none = Two characters of the name, part of the code or account number, or pinyin initials are enough.
customers-shown = the best { $shown } of { $n } customers
customers-shown-more = the best { $shown } of more than { $n } customers
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
dossier-empty = Scans linked to this customer are listed here, wherever the originals are.
places-of-dossier = Where the originals are
no-places-of-dossier = No originals on a shelf
gaps = Missing
party-until = { $name } (until { $date })
checklist = Checklist
checklist-none = (no checklist chosen)
checklist-hold = Compare
checklist-keep = Use for this dossier
checklist-lesson = Choose a checklist to see what is missing from this dossier.
checklist-complete = All { $n } required kinds are present.
checklist-missing = { $missing } of { $asked } required kinds are missing (counting only documents you may see).
checklist-lacks = missing
reveal = Show
reveal-number = Show { $label }
reveal-is-logged = Viewing it is recorded in the audit trail
item-list-signatures = Compiled by: ____________    Checked by: ____________    Date: ____________
