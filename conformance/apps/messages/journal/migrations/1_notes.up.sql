create table notes (
  place bigint generated always as identity primary key,
  kind text not null,
  id text not null,
  attempt integer not null,
  text text not null
);
