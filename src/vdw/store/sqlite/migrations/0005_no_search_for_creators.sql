-- A repeated `create_project` is found among the remembered calls.
DROP INDEX event_first;
