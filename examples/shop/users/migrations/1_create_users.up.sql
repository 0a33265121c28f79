CREATE TABLE users (
  id         text PRIMARY KEY DEFAULT gen_random_uuid()::text,
  email      text NOT NULL UNIQUE,
  name       text NOT NULL,
  phone      text,
  tier       text NOT NULL DEFAULT 'standard' CHECK (tier IN ('standard', 'premium')),
  created_at timestamptz NOT NULL DEFAULT now()
);
