-- A reservation has the id of its order from the beginning, and holds its lines until they go back into stock.
ALTER TABLE reservations DROP COLUMN is_kept;
ALTER TABLE reservations ALTER COLUMN id DROP DEFAULT;
ALTER TABLE reservations RENAME COLUMN id TO order_id;
ALTER TABLE reservations ADD COLUMN is_held boolean NOT NULL DEFAULT true;
ALTER TABLE reservation_lines RENAME COLUMN reservation_id TO order_id;
