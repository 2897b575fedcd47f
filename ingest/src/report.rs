//! What became of a run, for people and scripts. (owner: helper-2, in work)
