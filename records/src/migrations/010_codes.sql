-- Codes that are typed without their dashes are looked up by these.
CREATE INDEX containers_dashless ON containers (replace(serial_folded, '-', ''));
CREATE INDEX customers_dashless ON customers (replace(code_folded, '-', ''));

-- The English names of the two highest security levels were one level too high; what an archive has named itself stays.
UPDATE settings SET value = 'Public
Internal
Confidential (company)
Secret (company)' WHERE name = 'security_level_names_en' AND value = 'Public
Internal
Secret (company)
Top secret (company)';
