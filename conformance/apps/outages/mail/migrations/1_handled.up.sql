create table handled (id int primary key);
