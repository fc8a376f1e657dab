ALTER TABLE app.orders RENAME note TO remark;
ALTER TABLE app.orders RENAME COLUMN at TO ordered_at;
