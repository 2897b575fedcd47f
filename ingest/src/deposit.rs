//! From read pages to what the record takes. (owner: helper-2, in work)
