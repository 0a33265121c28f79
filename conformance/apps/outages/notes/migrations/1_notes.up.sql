-- Stored as it is: a compressed text would not fill a disk.
create table notes (id int primary key, text text not null);
alter table notes alter column text set storage plain;
