-- Rows for the tables of views.sql that contradict whatever they can: nulls where they may be, rows without a partner on either side.
SET search_path = t;
INSERT INTO a VALUES (1, 'one', NULL, 0), (2, 'two', 'o', 1), (3, 'three', NULL, -1), (4, '', '', 1);
INSERT INTO b VALUES (2, 1, NULL, 0), (6, 1, 'note', 1), (7, 2, NULL, 2), (8, 4, 'x', 0);
INSERT INTO c VALUES (1, NULL, 1), (2, 2, 2), (9, 7, 3);
INSERT INTO composite VALUES (1, ROW(NULL, NULL));
INSERT INTO parent VALUES (1, 'p');
INSERT INTO log VALUES ('2026-01-01', NULL);
REFRESH MATERIALIZED VIEW stored;
