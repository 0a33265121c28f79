create table names (name text primary key);
insert into names values ('ada');
