//! What differs between the majors in the catalogs; the queries say `{{name}}` where it does.

/// An expression that exists from a major on.
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
    Difference { name: "attstattarget", since: 17, then: "a.attstattarget::int4", otherwise: "NULLIF(a.attstattarget, -1)" },
    // An `otherwise` may name a difference that comes later.
    Difference { name: "colllocale", since: 17, then: "c.colllocale", otherwise: "{{colliculocale}}" },
    Difference { name: "colliculocale", since: 15, then: "c.colliculocale", otherwise: "NULL::pg_catalog.text" },
    Difference { name: "collicurules", since: 16, then: "c.collicurules", otherwise: "NULL::pg_catalog.text" },
];

/// Returns the query as the major understands it.
pub fn adapt(text: &str, server_version_num: u32) -> String {
    let major = server_version_num / 10_000;
    let mut adapted = text.to_owned();
    for difference in DIFFERENCES {
        let expression = if major >= difference.since { difference.then } else { difference.otherwise };
        adapted = adapted.replace(&format!("{{{{{}}}}}", difference.name), expression);
    }
    adapted
}
