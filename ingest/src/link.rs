//! Whose a document is: certain or proposed, never guessed. (owner: helper-2, in work)
