CREATE TABLE products (
  id          text PRIMARY KEY DEFAULT gen_random_uuid()::text,
  name        text NOT NULL,
  description text,
  price_cents integer NOT NULL CHECK (price_cents >= 0),
  stock       integer NOT NULL CHECK (stock >= 0),
  created_at  timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE reservations (
  id         text PRIMARY KEY DEFAULT gen_random_uuid()::text,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE reservation_lines (
  reservation_id text NOT NULL REFERENCES reservations (id) ON DELETE CASCADE,
  product_id     text NOT NULL REFERENCES products (id),
  quantity       integer NOT NULL CHECK (quantity > 0)
);

CREATE INDEX reservation_lines_by_reservation ON reservation_lines (reservation_id);
