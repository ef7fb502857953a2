create table log (id integer, what text);
