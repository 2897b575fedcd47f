//! Text to facts: numbers, names, title and date with their place. (owner: helper-2, in work)
