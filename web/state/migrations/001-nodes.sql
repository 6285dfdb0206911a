-- Times are the database's: nodes' clocks need not agree.
CREATE TABLE node (
    id text PRIMARY KEY,
    incarnation uuid NOT NULL,
    address text NOT NULL,
    version text NOT NULL,
    started timestamptz NOT NULL DEFAULT clock_timestamp(),
    heartbeat timestamptz NOT NULL DEFAULT clock_timestamp(),
    lease_until timestamptz NOT NULL
);

-- Small files that every node has. A deleted one stays as a row without text, so that a node that was away does not bring it back.
-- "change" is the transaction that wrote it last: readers ask for all from the oldest that was still under way when they asked before.
CREATE TABLE shared_file (
    name text PRIMARY KEY,
    text text,
    revision bigint NOT NULL,
    node text NOT NULL,
    changed timestamptz NOT NULL DEFAULT clock_timestamp(),
    change xid8 NOT NULL DEFAULT pg_current_xact_id()
);
CREATE INDEX shared_file_change ON shared_file (change);

-- Who begins what is due at a moment: the key is what makes it once.
CREATE TABLE claim (
    what text NOT NULL,
    at timestamptz NOT NULL,
    node text NOT NULL,
    incarnation uuid NOT NULL,
    claimed timestamptz NOT NULL DEFAULT clock_timestamp(),
    done timestamptz,
    PRIMARY KEY (what, at)
);
CREATE INDEX claim_open ON claim (what) WHERE done IS NULL;

-- Who alone does something that goes on.
CREATE TABLE lease (
    what text PRIMARY KEY,
    node text NOT NULL,
    incarnation uuid NOT NULL,
    until timestamptz NOT NULL
);
