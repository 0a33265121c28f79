create table ticks (place bigint generated always as identity primary key);
