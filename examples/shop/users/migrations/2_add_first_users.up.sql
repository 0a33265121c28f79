INSERT INTO users (id, email, name, phone, tier, created_at) VALUES
  ('ada', 'ada@example.com', 'Ada Lovelace', '+44 20 7946 0018', 'premium', '2026-01-10T09:00:00Z'),
  ('grace', 'grace@example.com', 'Grace Hopper', NULL, 'standard', '2026-02-03T14:30:00Z');
