-- The settings of roles, of databases, and of roles in databases; 0 stands for all.
SELECT s.setdatabase AS database, s.setrole AS role, s.setconfig AS settings
FROM pg_catalog.pg_db_role_setting s
