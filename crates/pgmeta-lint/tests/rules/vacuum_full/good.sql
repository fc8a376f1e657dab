VACUUM app.orders;
VACUUM (FULL false) app.orders;
ANALYZE app.orders;
CREATE TABLE app.new (id int);
VACUUM FULL app.new;
