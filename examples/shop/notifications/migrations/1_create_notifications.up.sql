CREATE TABLE notifications (
  order_id   text PRIMARY KEY,
  user_id    text NOT NULL,
  text       text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX notifications_by_user ON notifications (user_id, created_at DESC);
