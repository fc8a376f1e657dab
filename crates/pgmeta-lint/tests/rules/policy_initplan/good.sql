CREATE SCHEMA app;
CREATE FUNCTION app.current_tenant() RETURNS int LANGUAGE sql STABLE AS $$SELECT current_setting('app.tenant')::int$$;
CREATE FUNCTION app.may_see(author text) RETURNS bool LANGUAGE sql STABLE AS $$SELECT author = 'x'$$;
CREATE FUNCTION app.fixed() RETURNS int LANGUAGE sql IMMUTABLE AS $$SELECT 1$$;
CREATE TABLE app.notes (id int PRIMARY KEY, tenant int, author text);
ALTER TABLE app.notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY a ON app.notes USING (tenant = (SELECT current_setting('app.tenant', true)::int));
CREATE POLICY b ON app.notes FOR INSERT WITH CHECK (tenant IN (SELECT app.current_tenant()));
-- It needs the row; it is computed once anyway; it is a text.
CREATE POLICY c ON app.notes FOR SELECT USING (app.may_see(author));
CREATE POLICY d ON app.notes FOR DELETE USING (tenant = app.fixed() AND author = current_user);
CREATE POLICY e ON app.notes FOR DELETE USING (author = 'current_setting(''x'')');
