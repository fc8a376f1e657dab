//! Replaces the placeholders `{{name}}` of queries for differences between the catalogs of major versions.

/// An expression that exists since a major version.
pub struct Difference {
    pub name: &'static str,
    pub since: u32,
    pub then: &'static str,
    pub otherwise: &'static str,
}

pub const DIFFERENCES: &[Difference] = &[
    Difference { name: "indnullsnotdistinct", since: 15, then: "i.indnullsnotdistinct", otherwise: "false" },
    Difference { name: "confdelsetcols", since: 15, then: "n.confdelsetcols", otherwise: "NULL::int2[]" },
    Difference { name: "conenforced", since: 18, then: "n.conenforced", otherwise: "true" },
    Difference { name: "conperiod", since: 18, then: "n.conperiod", otherwise: "false" },
    Difference {
        name: "attstattarget",
        since: 17,
        then: "a.attstattarget::int4",
        otherwise: "NULLIF(a.attstattarget, -1)",
    },
    Difference {
        name: "last_scan",
        since: 16,
        then: "pg_catalog.pg_stat_get_lastscan(i.oid)::text",
        otherwise: "NULL::text",
    },
    Difference {
        name: "not_null_name",
        since: 18,
        then: "NULLIF(nn.conname, c.relname || '_' || a.attname || '_not_null')",
        otherwise: "NULL::name",
    },
    Difference { name: "not_null_oid", since: 18, then: "nn.oid", otherwise: "NULL::oid" },
    Difference { name: "not_null_no_inherit", since: 18, then: "COALESCE(nn.connoinherit, false)", otherwise: "false" },
    Difference { name: "not_null_valid", since: 18, then: "COALESCE(nn.convalidated, true)", otherwise: "true" },
    Difference { name: "not_null_local", since: 18, then: "COALESCE(nn.conislocal, true)", otherwise: "true" },
    Difference {
        name: "join_not_null",
        since: 18,
        then: "LEFT JOIN pg_catalog.pg_constraint nn ON nn.conrelid = a.attrelid AND nn.contype = 'n' AND nn.conkey[1] = a.attnum",
        otherwise: "",
    },
    Difference {
        name: "stxstattarget",
        since: 17,
        then: "s.stxstattarget::int4",
        otherwise: "NULLIF(s.stxstattarget, -1)",
    },
    // Up to 14, the column depends on what its generation expression uses, with the same type as on its default.
    Difference {
        name: "generated_columns",
        since: 15,
        then: "",
        otherwise: "UNION ALL
SELECT 'pg_catalog.pg_attrdef'::pg_catalog.regclass, v.oid, d.refclassid, d.refobjid
FROM pg_catalog.pg_depend d
JOIN pg_catalog.pg_attribute a ON a.attrelid = d.objid AND a.attnum = d.objsubid AND a.attgenerated <> ''
JOIN pg_catalog.pg_attrdef v ON v.adrelid = a.attrelid AND v.adnum = a.attnum
WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objsubid > 0 AND d.deptype = 'a' AND d.refobjid >= 16384
  AND d.refclassid <> 'pg_catalog.pg_namespace'::pg_catalog.regclass
  AND NOT (d.refclassid = d.classid AND d.refobjid = d.objid)",
    },
    Difference { name: "pubgencols", since: 18, then: "p.pubgencols", otherwise: "'n'::\"char\"" },
    Difference {
        name: "pg_publication_namespace",
        since: 15,
        then: "pg_catalog.pg_publication_namespace",
        otherwise: "(SELECT NULL::oid AS pnpubid, NULL::oid AS pnnspid WHERE false)",
    },
    Difference {
        name: "prqual",
        since: 15,
        then: "pg_catalog.pg_get_expr(r.prqual, r.prrelid)",
        otherwise: "NULL::text",
    },
    Difference { name: "prattrs", since: 15, then: "r.prattrs", otherwise: "NULL::int2[]" },
    Difference {
        name: "substream",
        since: 16,
        then: "s.substream",
        otherwise: "(CASE WHEN s.substream THEN 't' ELSE 'f' END)::\"char\"",
    },
    Difference { name: "subtwophasestate", since: 15, then: "s.subtwophasestate <> 'd'", otherwise: "false" },
    Difference { name: "subdisableonerr", since: 15, then: "s.subdisableonerr", otherwise: "false" },
    Difference { name: "subpasswordrequired", since: 16, then: "s.subpasswordrequired", otherwise: "true" },
    Difference { name: "subrunasowner", since: 16, then: "s.subrunasowner", otherwise: "false" },
    Difference { name: "suborigin", since: 16, then: "s.suborigin", otherwise: "'any'" },
    Difference { name: "subfailover", since: 17, then: "s.subfailover", otherwise: "false" },
    Difference { name: "membership_oid", since: 16, then: "m.oid", otherwise: "NULL::oid" },
    Difference { name: "inherit_option", since: 16, then: "m.inherit_option", otherwise: "NULL::bool" },
    Difference { name: "set_option", since: 16, then: "m.set_option", otherwise: "true" },
    Difference {
        name: "granted_through",
        since: 16,
        then: "CASE WHEN m.grantor <> 10 THEN ARRAY(
           SELECT by.rolname FROM pg_catalog.pg_auth_members g JOIN pg_catalog.pg_roles by ON by.oid = g.grantor
           WHERE g.roleid = m.roleid AND g.member = m.grantor AND g.admin_option
       ) END",
        otherwise: "NULL::name[]",
    },
    Difference { name: "datlocprovider", since: 15, then: "d.datlocprovider", otherwise: "'c'::\"char\"" },
    Difference { name: "datlocale", since: 17, then: "d.datlocale", otherwise: "{{daticulocale}}" },
    Difference { name: "daticulocale", since: 15, then: "d.daticulocale", otherwise: "NULL::text" },
    Difference { name: "daticurules", since: 16, then: "d.daticurules", otherwise: "NULL::text" },
    Difference {
        name: "parameter_acl_class",
        since: 15,
        then: "'pg_catalog.pg_parameter_acl'::pg_catalog.regclass",
        otherwise: "NULL::oid",
    },
    Difference {
        name: "publication_namespace",
        since: 15,
        then: "pg_catalog.pg_publication_namespace",
        otherwise: "(SELECT NULL::oid AS pnpubid WHERE false) n",
    },
    Difference {
        name: "parameter_acl",
        since: 15,
        then: "pg_catalog.pg_parameter_acl",
        otherwise: "(SELECT NULL::oid AS oid, NULL::text AS parname, NULL::aclitem[] AS paracl WHERE false)",
    },
    // `otherwise` may contain the placeholder of a later entry.
    Difference { name: "colllocale", since: 17, then: "c.colllocale", otherwise: "{{colliculocale}}" },
    Difference { name: "colliculocale", since: 15, then: "c.colliculocale", otherwise: "NULL::pg_catalog.text" },
    Difference { name: "collicurules", since: 16, then: "c.collicurules", otherwise: "NULL::pg_catalog.text" },
];

/// Returns the query for a major version.
pub fn adapt(text: &str, server_version_num: u32) -> String {
    let major = server_version_num / 10_000;
    let mut adapted = text.to_owned();
    for difference in DIFFERENCES {
        let expression = if major >= difference.since { difference.then } else { difference.otherwise };
        adapted = adapted.replace(&format!("{{{{{}}}}}", difference.name), expression);
    }
    adapted
}
