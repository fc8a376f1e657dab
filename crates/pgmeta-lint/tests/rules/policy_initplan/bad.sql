CREATE SCHEMA app;
CREATE FUNCTION app.current_tenant() RETURNS int LANGUAGE sql STABLE AS $$SELECT current_setting('app.tenant')::int$$;
CREATE TABLE app.notes (id int PRIMARY KEY, tenant int, author text);
ALTER TABLE app.notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY a ON app.notes USING (tenant = current_setting('app.tenant', true)::int AND author = current_setting('app.user'));
CREATE POLICY b ON app.notes FOR INSERT WITH CHECK (tenant = app.current_tenant());
CREATE POLICY c ON app.notes USING (author = nullif(current_setting('app.user', true), '')) WITH CHECK (tenant = app.current_tenant());
