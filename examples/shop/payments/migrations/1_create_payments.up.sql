-- void: the order was cancelled before anything was taken, and nothing is to be taken any more.
CREATE TABLE payments (
  order_id     text PRIMARY KEY,
  user_id      text NOT NULL,
  amount_cents integer NOT NULL CHECK (amount_cents >= 0),
  status       text NOT NULL CHECK (status IN ('taken', 'refused', 'refunded', 'void')),
  created_at   timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX payments_by_user ON payments (user_id, created_at DESC);
