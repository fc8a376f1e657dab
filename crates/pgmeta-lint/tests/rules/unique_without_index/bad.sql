ALTER TABLE app.orders ADD CONSTRAINT one_note UNIQUE (note);
ALTER TABLE app.orders ADD token uuid UNIQUE;
ALTER TABLE app.orders ADD EXCLUDE (note WITH =);
