CREATE SCHEMA app;
CREATE TABLE app.users (id int PRIMARY KEY);
CREATE TABLE app.teams (id int PRIMARY KEY);
CREATE TABLE app.members (user_id int REFERENCES app.users, team_id int REFERENCES app.teams, PRIMARY KEY (user_id, team_id));
-- More columns, one foreign key, a key that others refer to, a key that is not generated.
CREATE TABLE app.dated (id serial PRIMARY KEY, user_id int REFERENCES app.users, team_id int REFERENCES app.teams, since date);
CREATE TABLE app.one (id serial PRIMARY KEY, user_id int REFERENCES app.users);
CREATE TABLE app.referenced (id serial PRIMARY KEY, user_id int REFERENCES app.users, team_id int REFERENCES app.teams);
CREATE TABLE app.refers (id int REFERENCES app.referenced);
CREATE TABLE app.given (id int PRIMARY KEY, user_id int REFERENCES app.users, team_id int REFERENCES app.teams);
