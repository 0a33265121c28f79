create table entries (n integer primary key);
