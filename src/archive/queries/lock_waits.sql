SELECT EXISTS (SELECT FROM pg_catalog.pg_locks l WHERE NOT l.granted
    AND pg_catalog.pg_backend_pid() = ANY (pg_catalog.pg_blocking_pids(l.pid))) AS waits
