-- The roles of the stage: who makes twins, and who calls. All callers may do with schema app what they like.
CREATE ROLE twin_maker LOGIN;
CREATE ROLE twin_owner;
GRANT pg_read_server_files, pg_write_server_files TO twin_owner;
CREATE ROLE twin_admin LOGIN CREATEDB IN ROLE twin_owner;
CREATE ROLE twin_operator LOGIN CREATEDB IN ROLE twin_owner;
CREATE ROLE twin_environment LOGIN CREATEDB IN ROLE twin_owner;
CREATE ROLE twin_plain LOGIN CREATEDB IN ROLE twin_owner;
