create table goods (id integer primary key, name text not null, "Unit price" numeric);
insert into goods values (1, 'old', 1), (2, 'two', 2);
