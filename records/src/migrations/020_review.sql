-- Documents that have waited for a person, for the progress of the review.
CREATE INDEX documents_waited ON documents (state, uid) WHERE review_reason <> '';
