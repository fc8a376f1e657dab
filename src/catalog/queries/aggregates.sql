SELECT p.oid, p.pronamespace AS schema, p.proname AS name, p.proowner AS owner, p.proacl AS acl, a.aggkind AS kind,
       ARRAY(
           SELECT pg_catalog.format_type(t.oid, NULL)
           FROM pg_catalog.unnest(p.proargtypes::pg_catalog.oid[]) WITH ORDINALITY AS t (oid, n) ORDER BY t.n
       ) AS argument_types,
       p.proargmodes AS argument_modes, p.proargnames AS argument_names, a.aggnumdirectargs AS direct_arguments,
       a.aggtransfn::pg_catalog.text AS transition_function,
       pg_catalog.format_type(a.aggtranstype, NULL) AS state_type, a.aggtransspace AS state_space,
       a.agginitval AS initial_condition, NULLIF(a.aggfinalfn::pg_catalog.text, '-') AS final_function,
       a.aggfinalextra AS final_function_extra, a.aggfinalmodify AS final_function_modify,
       NULLIF(a.aggcombinefn::pg_catalog.text, '-') AS combine_function,
       NULLIF(a.aggserialfn::pg_catalog.text, '-') AS serialization_function,
       NULLIF(a.aggdeserialfn::pg_catalog.text, '-') AS deserialization_function,
       NULLIF(a.aggmtransfn::pg_catalog.text, '-') AS moving_transition_function,
       NULLIF(a.aggminvtransfn::pg_catalog.text, '-') AS moving_inverse_function,
       pg_catalog.format_type(a.aggmtranstype, NULL) AS moving_state_type, a.aggmtransspace AS moving_state_space,
       a.aggminitval AS moving_initial_condition, NULLIF(a.aggmfinalfn::pg_catalog.text, '-') AS moving_final_function,
       a.aggmfinalextra AS moving_final_function_extra, a.aggmfinalmodify AS moving_final_function_modify,
       o.oprnamespace AS sort_operator_schema, o.oprname AS sort_operator, p.proparallel AS parallel
FROM pg_catalog.pg_proc p
JOIN pg_catalog.pg_aggregate a ON a.aggfnoid = p.oid
LEFT JOIN pg_catalog.pg_operator o ON o.oid = a.aggsortop
WHERE p.pronamespace = ANY($1)
