-- Every row of the catalogs that hold objects or parts of them. `part` says what the row is where it belongs to
-- another: the one that it names here, else the one that it depends on internally. Rows without an OID of their own
-- are counted together, under that of what they belong to.
WITH internal AS MATERIALIZED (
    SELECT DISTINCT ON (classid, objid) classid, objid, refclassid, refobjid
    FROM pg_catalog.pg_depend WHERE deptype = 'i' AND objsubid = 0
    ORDER BY classid, objid, refclassid, refobjid
),
known (class, oid, kind, namespace, part, owner_class, owner_oid, note, count) AS (
    SELECT 'pg_catalog.pg_class'::pg_catalog.regclass::oid, c.oid,
           CASE c.relkind WHEN 'r' THEN 'table' WHEN 'p' THEN 'table' WHEN 'f' THEN 'foreign table' WHEN 'v' THEN 'view'
                WHEN 'm' THEN 'materialized view' WHEN 'S' THEN 'sequence' WHEN 'c' THEN 'composite type'
                WHEN 't' THEN 'toast table' ELSE 'index' END,
           c.relnamespace,
           CASE WHEN c.relkind = 'S' THEN 'sequence of an identity column' WHEN c.relkind = 'c' THEN 'attributes of a type'
                WHEN c.relkind = 't' THEN 'TOAST table' WHEN t.relkind = 't' THEN 'index of a TOAST table'
                WHEN c.relkind IN ('i', 'I') THEN 'index of a constraint' END,
           CASE WHEN t.relkind = 't' THEN 'pg_catalog.pg_class'::pg_catalog.regclass::oid
                WHEN c.relkind = 't' THEN 'pg_catalog.pg_class'::pg_catalog.regclass::oid END,
           CASE WHEN t.relkind = 't' THEN t.oid WHEN c.relkind = 't' THEN of_toast.oid END,
           CASE WHEN NOT i.indisvalid THEN 'invalid index' END,
           1::bigint
    FROM pg_catalog.pg_class c
    LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = c.oid
    LEFT JOIN pg_catalog.pg_class t ON t.oid = i.indrelid
    LEFT JOIN pg_catalog.pg_class of_toast ON of_toast.reltoastrelid = c.oid AND c.relkind = 't'
    UNION ALL
    SELECT NULL, NULL, 'column', NULL,
           CASE WHEN a.attnum < 0 THEN 'system column' WHEN a.attisdropped THEN 'dropped column' ELSE 'column' END,
           'pg_catalog.pg_class'::pg_catalog.regclass, a.attrelid, NULL, pg_catalog.count(*)
    FROM pg_catalog.pg_attribute a WHERE a.attrelid >= 16384 GROUP BY a.attrelid, 5
    UNION ALL
    SELECT 'pg_catalog.pg_attrdef'::pg_catalog.regclass, oid, 'default value', NULL, 'default of a column',
           'pg_catalog.pg_class'::pg_catalog.regclass, adrelid, NULL, 1
    FROM pg_catalog.pg_attrdef
    UNION ALL
    SELECT 'pg_catalog.pg_constraint'::pg_catalog.regclass, n.oid,
           CASE WHEN n.contypid <> 0 THEN 'domain constraint' ELSE 'table constraint' END, n.connamespace,
           CASE WHEN n.contypid <> 0 THEN 'constraint of a domain' WHEN n.contype = 'n' THEN 'not-null constraint'
                WHEN n.contype = 't' THEN 'constraint of a trigger'
                WHEN NOT n.conislocal OR n.conparentid <> 0 THEN 'inherited constraint' END,
           CASE WHEN n.contypid <> 0 THEN 'pg_catalog.pg_type'::pg_catalog.regclass
                WHEN n.contype = 'n' OR NOT n.conislocal OR n.conparentid <> 0 OR e.objid IS NOT NULL
                    THEN 'pg_catalog.pg_class'::pg_catalog.regclass END,
           CASE WHEN n.contypid <> 0 THEN n.contypid
                WHEN n.contype = 'n' OR NOT n.conislocal OR n.conparentid <> 0 OR e.objid IS NOT NULL THEN n.conrelid END,
           NULL, 1
    FROM pg_catalog.pg_constraint n
    -- A constraint that is not read comes with its table where that is an extension's.
    LEFT JOIN pg_catalog.pg_depend e ON e.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND e.objid = n.conrelid
        AND e.objsubid = 0 AND e.deptype = 'e'
    UNION ALL
    SELECT 'pg_catalog.pg_type'::pg_catalog.regclass, t.oid, CASE t.typtype WHEN 'd' THEN 'domain' ELSE 'type' END, t.typnamespace,
           CASE WHEN t.typtype = 'c' THEN 'row type' WHEN t.typtype = 'm' THEN 'multirange type' ELSE 'array type' END,
           CASE WHEN e.oid IS NOT NULL THEN 'pg_catalog.pg_type'::pg_catalog.regclass END, e.oid, NULL, 1
    FROM pg_catalog.pg_type t
    LEFT JOIN pg_catalog.pg_type e ON e.typarray = t.oid
    UNION ALL
    SELECT 'pg_catalog.pg_proc'::pg_catalog.regclass, oid,
           CASE prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' ELSE 'function' END, pronamespace,
           'constructor of a type', NULL, NULL, NULL, 1
    FROM pg_catalog.pg_proc
    UNION ALL
    SELECT 'pg_catalog.pg_rewrite'::pg_catalog.regclass, r.oid, 'rule', c.relnamespace, 'query of a view', NULL, NULL, NULL, 1
    FROM pg_catalog.pg_rewrite r JOIN pg_catalog.pg_class c ON c.oid = r.ev_class
    UNION ALL
    SELECT 'pg_catalog.pg_trigger'::pg_catalog.regclass, t.oid, 'trigger', c.relnamespace,
           CASE WHEN t.tgparentid <> 0 THEN 'trigger of the parent' ELSE 'trigger of a constraint' END,
           CASE WHEN t.tgparentid <> 0 THEN 'pg_catalog.pg_trigger'::pg_catalog.regclass END, NULLIF(t.tgparentid, 0), NULL, 1
    FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
    UNION ALL
    SELECT 'pg_catalog.pg_policy'::pg_catalog.regclass, p.oid, 'policy', c.relnamespace, NULL, NULL, NULL, NULL, 1
    FROM pg_catalog.pg_policy p JOIN pg_catalog.pg_class c ON c.oid = p.polrelid
    UNION ALL
    -- A shell is made by the operator that names it as its commutator or negator.
    SELECT 'pg_catalog.pg_operator'::pg_catalog.regclass, oid, 'operator', oprnamespace, 'shell operator',
           CASE WHEN oprcode = 0 THEN 0::oid END, CASE WHEN oprcode = 0 THEN 0::oid END, NULL, 1
    FROM pg_catalog.pg_operator
    UNION ALL
    SELECT 'pg_catalog.pg_opclass'::pg_catalog.regclass, oid, 'operator class', opcnamespace, NULL, NULL, NULL, NULL, 1 FROM pg_catalog.pg_opclass
    UNION ALL
    SELECT 'pg_catalog.pg_opfamily'::pg_catalog.regclass, oid, 'operator family', opfnamespace, NULL, NULL, NULL, NULL, 1 FROM pg_catalog.pg_opfamily
    UNION ALL
    SELECT 'pg_catalog.pg_amop'::pg_catalog.regclass, oid, 'operator of access method', NULL, 'operator of a family',
           'pg_catalog.pg_opfamily'::pg_catalog.regclass, amopfamily, NULL, 1 FROM pg_catalog.pg_amop
    UNION ALL
    SELECT 'pg_catalog.pg_amproc'::pg_catalog.regclass, oid, 'function of access method', NULL, 'function of a family',
           'pg_catalog.pg_opfamily'::pg_catalog.regclass, amprocfamily, NULL, 1 FROM pg_catalog.pg_amproc
    UNION ALL
    SELECT 'pg_catalog.pg_cast'::pg_catalog.regclass, oid, 'cast', NULL, 'cast of a range type', NULL, NULL, NULL, 1 FROM pg_catalog.pg_cast
    UNION ALL
    SELECT 'pg_catalog.pg_collation'::pg_catalog.regclass, oid, 'collation', collnamespace, NULL, NULL, NULL, NULL, 1 FROM pg_catalog.pg_collation
    UNION ALL
    SELECT 'pg_catalog.pg_conversion'::pg_catalog.regclass, oid, 'conversion', connamespace, NULL, NULL, NULL, NULL, 1 FROM pg_catalog.pg_conversion
    UNION ALL
    SELECT 'pg_catalog.pg_language'::pg_catalog.regclass, oid, 'language', NULL, NULL, NULL, NULL, NULL, 1 FROM pg_catalog.pg_language
    UNION ALL
    SELECT 'pg_catalog.pg_am'::pg_catalog.regclass, oid, 'access method', NULL, NULL, NULL, NULL, NULL, 1 FROM pg_catalog.pg_am
    UNION ALL
    SELECT 'pg_catalog.pg_namespace'::pg_catalog.regclass, oid, 'schema', oid, NULL, NULL, NULL, NULL, 1 FROM pg_catalog.pg_namespace
    UNION ALL
    SELECT 'pg_catalog.pg_extension'::pg_catalog.regclass, oid, 'extension', NULL, NULL, NULL, NULL, NULL, 1 FROM pg_catalog.pg_extension
    UNION ALL
    SELECT 'pg_catalog.pg_ts_parser'::pg_catalog.regclass, oid, 'text search parser', prsnamespace, NULL, NULL, NULL, NULL, 1 FROM pg_catalog.pg_ts_parser
    UNION ALL
    SELECT 'pg_catalog.pg_ts_template'::pg_catalog.regclass, oid, 'text search template', tmplnamespace, NULL, NULL, NULL, NULL, 1 FROM pg_catalog.pg_ts_template
    UNION ALL
    SELECT 'pg_catalog.pg_ts_dict'::pg_catalog.regclass, oid, 'text search dictionary', dictnamespace, NULL, NULL, NULL, NULL, 1 FROM pg_catalog.pg_ts_dict
    UNION ALL
    SELECT 'pg_catalog.pg_ts_config'::pg_catalog.regclass, oid, 'text search configuration', cfgnamespace, NULL, NULL, NULL, NULL, 1 FROM pg_catalog.pg_ts_config
    UNION ALL
    SELECT NULL, NULL, 'text search configuration', NULL, 'mapping of a text search configuration',
           'pg_catalog.pg_ts_config'::pg_catalog.regclass, mapcfg, NULL, pg_catalog.count(*)
    FROM pg_catalog.pg_ts_config_map GROUP BY mapcfg
    UNION ALL
    SELECT 'pg_catalog.pg_foreign_data_wrapper'::pg_catalog.regclass, oid, 'foreign-data wrapper', NULL, NULL, NULL, NULL, NULL, 1 FROM pg_catalog.pg_foreign_data_wrapper
    UNION ALL
    SELECT 'pg_catalog.pg_foreign_server'::pg_catalog.regclass, oid, 'server', NULL, NULL, NULL, NULL, NULL, 1 FROM pg_catalog.pg_foreign_server
    UNION ALL
    SELECT 'pg_catalog.pg_user_mapping'::pg_catalog.regclass, umid, 'user mapping', NULL, NULL, NULL, NULL, NULL, 1 FROM pg_catalog.pg_user_mappings
    UNION ALL
    SELECT 'pg_catalog.pg_publication'::pg_catalog.regclass, oid, 'publication', NULL, NULL, NULL, NULL, NULL, 1 FROM pg_catalog.pg_publication
    UNION ALL
    SELECT NULL, NULL, 'publication relation', NULL, 'table of a publication',
           'pg_catalog.pg_publication'::pg_catalog.regclass, prpubid, NULL, 1 FROM pg_catalog.pg_publication_rel
    UNION ALL
    SELECT NULL, NULL, 'publication namespace', NULL, 'schema of a publication',
           'pg_catalog.pg_publication'::pg_catalog.regclass, pnpubid, NULL, 1 FROM {{publication_namespace}}
    UNION ALL
    SELECT 'pg_catalog.pg_subscription'::pg_catalog.regclass, s.oid, 'subscription', NULL, NULL, NULL, NULL, NULL, 1
    FROM pg_catalog.pg_subscription s JOIN pg_catalog.pg_database d ON d.oid = s.subdbid AND d.datname = pg_catalog.current_database()
    UNION ALL
    SELECT 'pg_catalog.pg_statistic_ext'::pg_catalog.regclass, oid, 'statistics object', stxnamespace, NULL, NULL, NULL, NULL, 1 FROM pg_catalog.pg_statistic_ext
    UNION ALL
    SELECT 'pg_catalog.pg_largeobject'::pg_catalog.regclass, oid, 'large object', NULL, NULL, NULL, NULL, NULL, 1 FROM pg_catalog.pg_largeobject_metadata
    UNION ALL
    SELECT 'pg_catalog.pg_default_acl'::pg_catalog.regclass, oid, 'default acl', NULLIF(defaclnamespace, 0), NULL, NULL, NULL, NULL, 1 FROM pg_catalog.pg_default_acl
    UNION ALL
    SELECT 'pg_catalog.pg_event_trigger'::pg_catalog.regclass, oid, 'event trigger', NULL, NULL, NULL, NULL, NULL, 1 FROM pg_catalog.pg_event_trigger
    UNION ALL
    SELECT 'pg_catalog.pg_transform'::pg_catalog.regclass, oid, 'transform', NULL, NULL, NULL, NULL, NULL, 1 FROM pg_catalog.pg_transform
    UNION ALL
    SELECT 'pg_catalog.pg_authid'::pg_catalog.regclass, oid, 'role', NULL, NULL, NULL, NULL, NULL, 1 FROM pg_catalog.pg_roles
    UNION ALL
    SELECT NULL, NULL, 'role membership', NULL, 'membership of a role', 'pg_catalog.pg_authid'::pg_catalog.regclass, member, NULL, 1 FROM pg_catalog.pg_auth_members
    UNION ALL
    SELECT 'pg_catalog.pg_tablespace'::pg_catalog.regclass, oid, 'tablespace', NULL, NULL, NULL, NULL, NULL, 1 FROM pg_catalog.pg_tablespace
    UNION ALL
    SELECT 'pg_catalog.pg_database'::pg_catalog.regclass, oid, 'database', NULL, NULL, NULL, NULL,
           CASE WHEN datconnlimit = -2 THEN 'left behind by an interrupted DROP DATABASE' END, 1 FROM pg_catalog.pg_database
    UNION ALL
    SELECT NULL, NULL, 'setting', NULL, 'settings of a role or database',
           CASE WHEN setdatabase <> 0 THEN 'pg_catalog.pg_database'::pg_catalog.regclass
                ELSE 'pg_catalog.pg_authid'::pg_catalog.regclass END,
           CASE WHEN setdatabase <> 0 THEN setdatabase WHEN setrole <> 0 THEN setrole ELSE 10 END, NULL, 1
    FROM pg_catalog.pg_db_role_setting
    UNION ALL
    SELECT {{parameter_acl_class}}, oid, 'parameter ACL', NULL, NULL, NULL, NULL, NULL, 1 FROM {{parameter_acl}} p
    UNION ALL
    SELECT NULL, NULL, 'comment', NULL, 'comment', classoid, objoid, NULL, pg_catalog.count(*)
    FROM pg_catalog.pg_description
    WHERE objoid >= 16384 OR classoid = 'pg_catalog.pg_namespace'::pg_catalog.regclass
    GROUP BY classoid, objoid
    UNION ALL
    SELECT NULL, NULL, 'comment', NULL, 'comment', classoid, objoid, NULL, 1 FROM pg_catalog.pg_shdescription
    UNION ALL
    SELECT NULL, NULL, 'security label', NULL, 'security label', classoid, objoid, NULL, pg_catalog.count(*)
    FROM pg_catalog.pg_seclabel GROUP BY classoid, objoid
    UNION ALL
    SELECT NULL, NULL, 'security label', NULL, 'security label', classoid, objoid, NULL, pg_catalog.count(*)
    FROM pg_catalog.pg_shseclabel GROUP BY classoid, objoid
)
SELECT k.class, k.oid, k.kind, n.nspname AS schema, COALESCE(n.oid = ANY($1), false) AS wanted, k.part,
       COALESCE(k.owner_class, i.refclassid) AS owner_class, COALESCE(k.owner_oid, i.refobjid) AS owner_oid, k.note, k.count
FROM known k
LEFT JOIN internal i ON i.classid = k.class AND i.objid = k.oid
LEFT JOIN pg_catalog.pg_namespace n ON n.oid = k.namespace
