create table orders (id integer primary key, "Unit price" numeric, "group" text, big bigint);
insert into orders values (1, 1.5, 'ü', 9223372036854775807), (2, null, null, null), (3, -2, 'it''s', -9223372036854775808);
create table "empty table" (a integer, b text);
