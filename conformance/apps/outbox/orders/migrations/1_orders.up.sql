create table orders (id text primary key);
create table confirmations (id text not null);
