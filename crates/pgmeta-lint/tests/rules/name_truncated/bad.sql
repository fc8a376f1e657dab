CREATE SCHEMA app;
\set VERBOSITY terse
SET client_min_messages = error;
CREATE TABLE app.the_name_of_this_table_is_so_long_that_the_server_cuts_its_end_off_unasked (id int);
CREATE TABLE app.t (a int, the_name_of_this_column_is_so_long_that_the_server_cuts_its_end_off_unasked int);
CREATE INDEX the_name_of_this_index_is_so_long_that_the_server_cuts_its_end_off_unasked ON app.t (a);
ALTER TABLE app.t ADD CONSTRAINT the_name_of_this_check_is_so_long_that_the_server_cuts_its_end_off_unasked CHECK (a > 0);
-- 32 letters of two bytes are cut to 31 and a half: 62 bytes. One more of one byte makes 63.
CREATE TABLE app.xäääääääääääääääääääääääääääääääääää (id int);
