create type kind as enum ('credit', 'debit');
create table entries (
  batch text not null,
  id int not null,
  amount numeric not null default 0,
  facts jsonb,
  kinds kind[],
  primary key (batch, id)
);
