-- The guards' book of all nodes. Times are ticks of 100 ns of the book's own time.
CREATE TABLE book_clock (id int PRIMARY KEY CHECK (id = 1), book bigint NOT NULL, wall bigint NOT NULL);
CREATE TABLE book_clock_boot (boot text PRIMARY KEY, book bigint NOT NULL, monotonic bigint NOT NULL);
CREATE TABLE setting (name text PRIMARY KEY, value text NOT NULL);
CREATE TABLE deed (id text PRIMARY KEY, at bigint NOT NULL, kind text NOT NULL, experiment text NOT NULL, run text NOT NULL, asked_by text NOT NULL, strikes bigint NOT NULL);
CREATE INDEX deed_at ON deed (at);
CREATE TABLE strike (deed text NOT NULL, at bigint NOT NULL, target text NOT NULL, family text NOT NULL, until bigint NOT NULL);
CREATE INDEX strike_deed ON strike (deed);
CREATE INDEX strike_family ON strike (family, at);
CREATE TABLE circuit (budget text PRIMARY KEY, opened bigint NOT NULL, wall text NOT NULL, why text NOT NULL);
CREATE TABLE approval (
    id text PRIMARY KEY, experiment text NOT NULL, hash text NOT NULL, asked_by text NOT NULL, asked bigint NOT NULL, asked_wall text NOT NULL, note text NOT NULL, state text NOT NULL,
    decided_by text, decided_wall text, expires bigint NOT NULL, expires_wall text NOT NULL, uses bigint NOT NULL, used bigint NOT NULL DEFAULT 0
);
CREATE TABLE approval_use (approval text NOT NULL, run text NOT NULL, PRIMARY KEY (approval, run));

-- The audit log of all nodes: each line is chained to the one before, and the head knows the end.
CREATE TABLE audit (n bigint PRIMARY KEY, node text NOT NULL, line text NOT NULL);
CREATE TABLE audit_head (id int PRIMARY KEY CHECK (id = 1), lines bigint NOT NULL, hash text NOT NULL);
