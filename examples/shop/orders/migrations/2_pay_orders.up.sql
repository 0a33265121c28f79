-- An order is pending until it is paid; its reservation has its id.
ALTER TABLE orders DROP CONSTRAINT orders_status_check;
UPDATE orders SET status = 'paid' WHERE status = 'confirmed';
ALTER TABLE orders ADD CONSTRAINT orders_status_check CHECK (status IN ('pending', 'paid', 'cancelled'));
ALTER TABLE orders DROP COLUMN reservation_id;
ALTER TABLE orders ADD COLUMN cancel_reason text;
CREATE INDEX orders_pending ON orders (created_at) WHERE status = 'pending';
