-- Reservations from before this column belong to orders.
ALTER TABLE reservations ADD COLUMN is_kept boolean NOT NULL DEFAULT true;
ALTER TABLE reservations ALTER COLUMN is_kept SET DEFAULT false;
CREATE INDEX reservations_not_kept ON reservations (created_at) WHERE NOT is_kept;
