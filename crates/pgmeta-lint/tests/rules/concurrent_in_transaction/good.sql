CREATE INDEX CONCURRENTLY a ON app.orders (note);
BEGIN;
CREATE INDEX b ON app.orders (note);
COMMIT;
VACUUM FULL app.orders;
