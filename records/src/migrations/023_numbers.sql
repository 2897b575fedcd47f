-- Numbers of documents, dossiers and accounts that are typed without their dashes are looked up by these.
CREATE INDEX documents_dashless ON documents (replace(number_folded, '-', ''));
CREATE INDEX dossiers_dashless ON dossiers (replace(number_folded, '-', ''));
CREATE INDEX customer_aliases_dashless ON customer_aliases (replace(value_folded, '-', ''));
CREATE INDEX locations_name ON locations (name);
