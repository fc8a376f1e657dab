-- One element of the arrays for each dictionary of a token. A parser is asked for its tokens' names once.
SELECT c.oid, c.cfgnamespace AS schema, c.cfgname AS name, c.cfgowner AS owner,
       p.prsnamespace AS parser_schema, p.prsname AS parser,
       m.tokens, m.dictionary_schemas, m.dictionaries
FROM pg_catalog.pg_ts_config c
JOIN pg_catalog.pg_ts_parser p ON p.oid = c.cfgparser
LEFT JOIN (
    SELECT m.mapcfg,
           pg_catalog.array_agg(k.alias ORDER BY k.alias, m.mapseqno) AS tokens,
           pg_catalog.array_agg(d.dictnamespace ORDER BY k.alias, m.mapseqno) AS dictionary_schemas,
           pg_catalog.array_agg(d.dictname ORDER BY k.alias, m.mapseqno) AS dictionaries
    FROM pg_catalog.pg_ts_config_map m
    JOIN pg_catalog.pg_ts_config c ON c.oid = m.mapcfg
    JOIN (
        SELECT p.cfgparser AS parser, t.tokid, t.alias
        FROM (SELECT DISTINCT cfgparser FROM pg_catalog.pg_ts_config WHERE cfgnamespace = ANY($1)) p
        CROSS JOIN LATERAL pg_catalog.ts_token_type(p.cfgparser) t
    ) k ON k.parser = c.cfgparser AND k.tokid = m.maptokentype
    JOIN pg_catalog.pg_ts_dict d ON d.oid = m.mapdict
    WHERE c.cfgnamespace = ANY($1)
    GROUP BY m.mapcfg
) m ON m.mapcfg = c.oid
WHERE c.cfgnamespace = ANY($1)
