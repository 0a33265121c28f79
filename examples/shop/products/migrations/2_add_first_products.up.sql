INSERT INTO products (id, name, description, price_cents, stock, created_at) VALUES
  ('desk-lamp', 'Desk lamp', 'Warm light, brass arm', 4900, 25, '2026-01-05T08:00:00Z'),
  ('keyboard', 'Mechanical keyboard', NULL, 12900, 10, '2026-01-05T08:00:00Z'),
  ('notebook', 'Notebook, dotted', '96 pages, A5', 900, 200, '2026-01-05T08:00:00Z'),
  ('typewriter', 'Typewriter', 'The last one of its kind', 39900, 1, '2026-01-05T08:00:00Z');
