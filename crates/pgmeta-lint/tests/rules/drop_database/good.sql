DROP TABLE app.orders;
DROP ROLE nobody;
