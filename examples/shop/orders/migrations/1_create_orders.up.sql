CREATE TABLE orders (
  id             text PRIMARY KEY DEFAULT gen_random_uuid()::text,
  user_id        text NOT NULL,
  reservation_id text NOT NULL,
  status         text NOT NULL CHECK (status IN ('confirmed', 'cancelled')),
  total_cents    integer NOT NULL CHECK (total_cents >= 0),
  note           text,
  created_at     timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX orders_by_user ON orders (user_id, id);

CREATE TABLE order_lines (
  order_id         text NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
  position         integer NOT NULL,
  product_id       text NOT NULL,
  name             text NOT NULL,
  quantity         integer NOT NULL CHECK (quantity > 0),
  unit_price_cents integer NOT NULL,
  PRIMARY KEY (order_id, position)
);
