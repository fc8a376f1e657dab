SELECT s.oid, s.subname AS name, s.subowner AS owner, s.subpublications AS publications,
       {{subconninfo}} AS connection, s.subslotname AS slot_name,
       s.subbinary AS binary, {{substream}} AS streaming, {{subtwophasestate}} AS two_phase,
       {{subdisableonerr}} AS disable_on_error, s.subsynccommit AS synchronous_commit,
       {{subpasswordrequired}} AS password_required, {{subrunasowner}} AS run_as_owner, {{suborigin}} AS origin,
       {{subfailover}} AS failover
FROM pg_catalog.pg_subscription s
WHERE s.subdbid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
