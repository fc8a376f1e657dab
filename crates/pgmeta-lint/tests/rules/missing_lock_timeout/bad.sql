ALTER TABLE app.orders ADD remark text;
ALTER TABLE app.orders ADD other text;
