CREATE TABLE sessions (
  token_sha256 bytea PRIMARY KEY,
  user_id      text NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  created_at   timestamptz NOT NULL DEFAULT now()
);

INSERT INTO sessions (token_sha256, user_id) VALUES
  (sha256('ada-token'), 'ada'),
  (sha256('grace-token'), 'grace');
