-- What a call found that had nothing to change: the digest of the verdict that stood then; '' where the call made an event.
ALTER TABLE replay ADD COLUMN unchanged TEXT NOT NULL DEFAULT '';
