-- A principal has one key, which is revoked; it was never revoked itself.
ALTER TABLE principal DROP COLUMN revoked_at;
