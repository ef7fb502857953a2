create table log (id integer);
create table seen (id integer, what text);
