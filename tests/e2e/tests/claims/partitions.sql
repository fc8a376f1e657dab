-- old
CREATE SCHEMA app;
CREATE TABLE app.parent (id int PRIMARY KEY);
CREATE TABLE app.p (id int NOT NULL, k int NOT NULL, r int) PARTITION BY RANGE (k);
CREATE TABLE app.p1 PARTITION OF app.p FOR VALUES FROM (1) TO (1001);
CREATE TABLE app.p2 PARTITION OF app.p FOR VALUES FROM (1001) TO (2001);
CREATE TABLE app.p3 PARTITION OF app.p FOR VALUES FROM (2001) TO (3001);
CREATE TABLE app.q (id int NOT NULL, k int NOT NULL) PARTITION BY RANGE (k);
CREATE TABLE app.q1 PARTITION OF app.q FOR VALUES FROM (1) TO (1001);
CREATE TABLE app.qd PARTITION OF app.q DEFAULT;
CREATE TABLE app.alone (id int NOT NULL, k int NOT NULL);
CREATE TABLE app.becomes (id int NOT NULL, k int NOT NULL);
CREATE INDEX p_gone ON app.p (r);
INSERT INTO app.parent SELECT i FROM generate_series(1, 3000) i;
INSERT INTO app.p SELECT i, i, i FROM generate_series(1, 3000) i;
INSERT INTO app.q SELECT i, i FROM generate_series(1, 2000) i WHERE i <> 1000;
INSERT INTO app.alone SELECT i, i FROM generate_series(5001, 6000) i;
INSERT INTO app.becomes SELECT i, i FROM generate_series(1, 2000) i;
-- new
CREATE SCHEMA app;
CREATE TABLE app.parent (id int PRIMARY KEY);
CREATE TABLE app.p (id int NOT NULL, k int NOT NULL, r bigint, x int DEFAULT 3, CONSTRAINT p_c CHECK (k > 0), PRIMARY KEY (id, k)) PARTITION BY RANGE (k);
CREATE TABLE app.p1 PARTITION OF app.p FOR VALUES FROM (1) TO (1001);
CREATE TABLE app.p2 PARTITION OF app.p FOR VALUES FROM (1001) TO (2001);
CREATE INDEX p_new ON app.p (k);
ALTER TABLE app.p ADD CONSTRAINT p_fk FOREIGN KEY (id) REFERENCES app.parent;
CREATE TABLE app.q (id int NOT NULL, k int NOT NULL) PARTITION BY RANGE (k);
CREATE TABLE app.q1 PARTITION OF app.q FOR VALUES FROM (1) TO (1000);
CREATE TABLE app.q2 PARTITION OF app.q FOR VALUES FROM (7000) TO (8001);
CREATE TABLE app.alone PARTITION OF app.q FOR VALUES FROM (5000) TO (6001);
CREATE TABLE app.qd PARTITION OF app.q DEFAULT;
CREATE TABLE app.becomes (id int NOT NULL, k int NOT NULL) PARTITION BY RANGE (k);
CREATE TABLE app.becomes_1 PARTITION OF app.becomes FOR VALUES FROM (1) TO (5000);
CREATE TRIGGER p_t BEFORE INSERT ON app.p FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
-- fails: INSERT INTO app.becomes VALUES (1, 9000)
-- fails: UPDATE app.alone SET k = 1 WHERE id = 5005
-- fails: INSERT INTO app.q VALUES (1, 7500)
-- fails: INSERT INTO app.q VALUES (1, 1000)
-- fails: UPDATE app.p SET id = 5000 WHERE id = 5
-- fails: DELETE FROM app.parent WHERE id = 5
-- fails: INSERT INTO app.p (id, k) VALUES (5, 5)
-- fails: ALTER TABLE app.p DETACH PARTITION app.p1; UPDATE app.p1 SET k = -5 WHERE k = 5; ALTER TABLE app.p ATTACH PARTITION app.p1 FOR VALUES FROM (-10) TO (1001)
-- fails: INSERT INTO app.p (id, k) VALUES (1500, 1500)
