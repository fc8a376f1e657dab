SELECT l.oid, l.lanname AS name, l.lanowner AS owner, l.lanacl AS acl, l.lanpltrusted AS trusted,
       l.lanplcallfoid::pg_catalog.regproc::pg_catalog.text AS handler,
       CASE WHEN l.laninline <> 0 THEN l.laninline::pg_catalog.regproc::pg_catalog.text END AS inline,
       CASE WHEN l.lanvalidator <> 0 THEN l.lanvalidator::pg_catalog.regproc::pg_catalog.text END AS validator
FROM pg_catalog.pg_language l
WHERE l.oid >= 16384 AND l.lanispl
