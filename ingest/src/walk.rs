//! Roots to files: settled regular files in a stable natural order; everything else with a reason. (owner: helper-2, in work)
