-- The run or drill that was begun at a moment, so that whoever takes over tells what came of it.
ALTER TABLE claim ADD COLUMN run text;

-- Where agents dial in to a node; null for nowhere.
ALTER TABLE node ADD COLUMN agents text;
