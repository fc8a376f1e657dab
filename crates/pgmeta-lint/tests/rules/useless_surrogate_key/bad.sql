CREATE SCHEMA app;
CREATE TABLE app.users (id int PRIMARY KEY);
CREATE TABLE app.teams (id int PRIMARY KEY);
CREATE TABLE app.members (id serial PRIMARY KEY, user_id int REFERENCES app.users, team_id int REFERENCES app.teams);
CREATE TABLE app.unique_members (id uuid DEFAULT gen_random_uuid() PRIMARY KEY, user_id int REFERENCES app.users,
  team_id int REFERENCES app.teams, UNIQUE (user_id, team_id));
