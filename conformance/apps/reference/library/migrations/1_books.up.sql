create table books (id int generated always as identity primary key, title text not null);
