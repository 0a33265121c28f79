-- There is more to tell of an order than thanks. That nothing is told twice is the subscription's promise, not this table's.
ALTER TABLE notifications DROP CONSTRAINT notifications_pkey;
ALTER TABLE notifications ADD COLUMN id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY;
