SELECT p.name, p.paused FROM pgmeta.archive_policies p WHERE p.name = $1 OR $1 IS NULL ORDER BY p.name
