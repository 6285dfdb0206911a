-- Run folders. Whoever writes a run owns it; "over" is a run that its owner has brought to its end.
CREATE TABLE run (
    id text PRIMARY KEY,
    node text NOT NULL,
    incarnation uuid NOT NULL,
    over boolean NOT NULL DEFAULT false,
    taken_from text,
    changed timestamptz NOT NULL DEFAULT clock_timestamp(),
    change xid8 NOT NULL DEFAULT pg_current_xact_id()
);
CREATE INDEX run_change ON run (change);
CREATE INDEX run_open ON run (node) WHERE NOT over;

-- A log grows; any other file is written whole, and then is another generation.
CREATE TABLE run_file (
    run text NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    name text NOT NULL,
    generation int NOT NULL,
    length bigint NOT NULL,
    PRIMARY KEY (run, name)
);
CREATE TABLE run_chunk (
    run text NOT NULL,
    name text NOT NULL,
    generation int NOT NULL,
    position bigint NOT NULL,
    bytes bytea NOT NULL,
    PRIMARY KEY (run, name, generation, position),
    FOREIGN KEY (run, name) REFERENCES run_file (run, name) ON DELETE CASCADE
);

-- The global stop of all nodes.
CREATE TABLE halt (id int PRIMARY KEY CHECK (id = 1), who text NOT NULL, at timestamptz NOT NULL, why text NOT NULL);
