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
customer-kind-company = company
customer-kind-person = person
customer-kind-household = household
customer-kind-other = other
dossier-no = Dossier number
status-potential = potential
status-active = active
status-historic = historic
all-customers = All customers
search-in-dossier = Search in this dossier
print-item-list = Print item list
dossier-empty-title = This dossier is empty
dossier-empty = Scans linked to this customer are listed here, wherever the paper lies.
places-of-dossier = Where the originals are
no-places-of-dossier = No original on a shelf
gaps = Missing
fact-credit-code = Credit code
fact-id-number = Id number
fact-phones = Phones
fact-account-no = Account number
fact-address = Address
fact-grade = Grade
fact-region = Region
fact-aliases = Other codes
fact-also-holds = Other accounts of this person
