-- From version 9 of the schema to version 10. Foreign keys are off while it runs.

-- What a clock that was ahead has dated is looked for at each run.
CREATE INDEX contact_card_answered ON contact (card_answered);
CREATE INDEX part_answer_at ON part_answer (at);
