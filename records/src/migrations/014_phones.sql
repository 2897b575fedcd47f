-- Phones are looked up by the digits that are dialled within the country.
UPDATE party_identifiers SET value_folded = replace(replace(replace(replace(value_folded, '-', ''), '(', ''), ')', ''), '+', '')
WHERE kind = 'phone';
UPDATE party_identifiers SET value_folded = substr(value_folded, 3)
WHERE kind = 'phone' AND value_folded LIKE '86%' AND length(value_folded) >= 12;
