CREATE TABLE events (id bigserial PRIMARY KEY, what text NOT NULL, data jsonb NOT NULL);
