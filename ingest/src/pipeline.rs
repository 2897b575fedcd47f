//! The order of the stages on one screen. (owner: helper-2, in work)
