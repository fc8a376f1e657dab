ALTER TYPE app.state ADD VALUE 'open' BEFORE 'closed';
ALTER TYPE app.state ADD VALUE 'late' AFTER 'closed';
ALTER TYPE app.state RENAME VALUE 'a' TO 'b';
