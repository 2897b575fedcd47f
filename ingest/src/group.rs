//! Files to documents-to-be: one from one file, or from a declared group. (owner: helper-2, in work)
