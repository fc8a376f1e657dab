-- Compares the claims of a plan with the server: runs each statement on a table with difficult values.
CREATE TABLE claims (name text, source text, target text, statement text, hazards text[], reason text);
CREATE TABLE verdicts (source text, target text, verdict text, statement text);

-- Values of each source type, in a separate table with a number for each.
CREATE FUNCTION prepare(source text, family text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  own text;
  held record;
BEGIN
  EXECUTE format('CREATE TABLE s.%I (n int GENERATED ALWAYS AS IDENTITY, c %s)', 'of ' || source, source);
  FOR held IN SELECT value FROM hostile
    WHERE hostile.family = prepare.family OR (hostile.family = 'text' AND prepare.family IN ('character varying', 'character', 'name')) LOOP
    BEGIN
      EXECUTE format('INSERT INTO s.%I (c) VALUES (%L)', 'of ' || source, held.value);
    EXCEPTION WHEN others THEN NULL;
    END;
  END LOOP;
END $$;

CREATE FUNCTION judge(claim claims) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  expression text := COALESCE(substring(claim.statement FROM ' USING (.*)$'), 'c');
  values_of text := 'of ' || claim.source;
  n int;
  failed int[] := '{}';
  done int[] := '{}';
  before oid;
  rewritten boolean;
  changed int := 0;
  lost int := 0;
  is_changed boolean;
  claims_rewrite boolean := 'REWRITES_TABLE' = ANY (claim.hazards);
  claims_failure boolean := 'MAY_FAIL_ON_DATA' = ANY (claim.hazards);
  claims_loss boolean := 'CORRECTNESS' = ANY (claim.hazards);
BEGIN
  EXECUTE format('CREATE TABLE s.target (n int, c %s)', claim.target);
  FOR n IN EXECUTE format('SELECT n FROM s.%I', values_of) LOOP
    BEGIN
      EXECUTE format('INSERT INTO s.target SELECT n, %s FROM s.%I WHERE n = %s', expression, values_of, n);
      done := done || n;
    EXCEPTION WHEN others THEN
      IF sqlstate IN ('42804', '42846') THEN
        INSERT INTO verdicts VALUES (claim.source, claim.target, 'not even tried: ' || sqlerrm, claim.statement);
        DROP TABLE s.target;
        RETURN;
      END IF;
      failed := failed || n;
    END;
  END LOOP;
  DROP TABLE s.target;
  IF done <> '{}' THEN
    EXECUTE format('CREATE TABLE s.%I AS SELECT n, c FROM s.%I WHERE n = ANY (%L)', claim.name, values_of, done);
    before := pg_relation_filenode(format('s.%I', claim.name));
    EXECUTE claim.statement;
    rewritten := before <> pg_relation_filenode(format('s.%I', claim.name));
    FOREACH n IN ARRAY done LOOP
      BEGIN
        BEGIN
          EXECUTE format('SELECT o.c::text COLLATE "C" IS DISTINCT FROM (a.c::%s)::text COLLATE "C" FROM s.%I o, s.%I a WHERE o.n = a.n AND o.n = %s',
            claim.source, values_of, claim.name, n) INTO is_changed;
        EXCEPTION WHEN cannot_coerce THEN
          EXECUTE format('SELECT o.c::text COLLATE "C" IS DISTINCT FROM (a.c::text::%s)::text COLLATE "C" FROM s.%I o, s.%I a WHERE o.n = a.n AND o.n = %s',
            claim.source, values_of, claim.name, n) INTO is_changed;
        END;
        IF is_changed AND claim.source ~ '^(numeric|real|double|money|interval|time|jsonb)' THEN
          -- 1.50 and 1.5 are the same number.
          BEGIN
            EXECUTE format('SELECT o.c IS DISTINCT FROM (a.c::%s) FROM s.%I o, s.%I a WHERE o.n = a.n AND o.n = %s',
              claim.source, values_of, claim.name, n) INTO is_changed;
          EXCEPTION WHEN others THEN NULL;
          END;
        END IF;
        changed := changed + is_changed::int;
      EXCEPTION WHEN others THEN
        lost := lost + 1;
      END;
    END LOOP;
    EXECUTE format('DROP TABLE s.%I', claim.name);
    IF rewritten <> claims_rewrite THEN
      INSERT INTO verdicts VALUES (claim.source, claim.target, CASE WHEN rewritten THEN 'rewritten' ELSE 'not rewritten' END, claim.statement);
    END IF;
  END IF;
  -- The values show the result of a check, or of another type's input function, for a text.
  IF (failed <> '{}') <> claims_failure
    AND NOT (claims_failure AND (claim.target = 's.checked' OR expression LIKE 'c::text::%' OR claim.target LIKE 'xid%')) THEN
    INSERT INTO verdicts VALUES (claim.source, claim.target, CASE WHEN claims_failure THEN 'nothing fails' ELSE 'fails' END, claim.statement);
  END IF;
  IF changed > 0 AND NOT claims_loss THEN
    INSERT INTO verdicts VALUES (claim.source, claim.target, 'changes values', claim.statement);
  END IF;
  IF claims_loss AND changed + lost = 0 AND done <> '{}'
    AND claim.reason !~ 'TimeZone|differ only in case|negative numbers|zeros are appended|depends on the new type|is not known|beyond 63 bytes' THEN
    INSERT INTO verdicts VALUES (claim.source, claim.target, 'loses nothing: ' || claim.reason, claim.statement);
  END IF;
END $$;
