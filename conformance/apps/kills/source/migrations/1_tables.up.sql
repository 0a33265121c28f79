-- Nothing here keeps a row from being written twice: that is what is looked for.
CREATE TABLE intents (
  place   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  token   text NOT NULL,
  account text NOT NULL
);

CREATE TABLE receipts (
  place bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  token text NOT NULL
);
