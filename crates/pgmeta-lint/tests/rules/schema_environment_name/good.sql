CREATE SCHEMA app;
CREATE SCHEMA products;
CREATE SCHEMA devices;
CREATE SCHEMA my_latest_shop;
