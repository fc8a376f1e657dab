DROP TABLE app.orders;
DROP TABLE IF EXISTS app.orders, other CASCADE;
CREATE TABLE IF NOT EXISTS app.orders (id int);
DROP TABLE app.orders;
BEGIN;
CREATE TABLE app.undone (id int);
ROLLBACK;
DROP TABLE app.undone;
