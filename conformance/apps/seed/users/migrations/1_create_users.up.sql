CREATE TABLE users (
  id    text PRIMARY KEY,
  name  text NOT NULL,
  email text NOT NULL
);

INSERT INTO users (id, name, email) VALUES ('123', 'Ada Lovelace', 'ada@example.com');
