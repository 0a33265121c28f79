CREATE TABLE orders (id text PRIMARY KEY, user_id text NOT NULL, quantity integer NOT NULL);
CREATE TABLE sweeps (swept_at timestamptz NOT NULL DEFAULT now());
