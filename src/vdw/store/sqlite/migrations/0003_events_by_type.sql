-- What happened last of a kind (comments at a gate, the vibes of iterations) is found without reading all that happened.
CREATE INDEX event_by_type ON event (project, type, version);
