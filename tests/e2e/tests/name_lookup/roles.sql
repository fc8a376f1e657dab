-- The roles of the stage: the creator of twins, and the callers. All callers have all privileges on schema app.
CREATE ROLE twin_maker LOGIN;
CREATE ROLE twin_owner;
GRANT pg_read_server_files, pg_write_server_files TO twin_owner;
CREATE ROLE twin_admin LOGIN CREATEDB IN ROLE twin_owner;
CREATE ROLE twin_operator LOGIN CREATEDB IN ROLE twin_owner;
CREATE ROLE twin_environment LOGIN CREATEDB IN ROLE twin_owner;
CREATE ROLE twin_plain LOGIN CREATEDB IN ROLE twin_owner;
