"""SQL on both engines: tables, seals, the journal (the only writer), projections, balances, queries.

The till keeps an encrypted SQLite file, the centre a Postgres database; one set of declarations
makes both.  Nothing above this room writes SQL.

Decisions
---------
2026-11-20  Triggers are derived objects: migrations make tables, and after every upgrade `seals`
drops all triggers and makes them again from the declarations, so none can be forgotten.

2026-11-20  On Postgres "no line without its document" is a deferred trigger on one small table
(`unsealed`, a row for each statement), not a foreign key: a foreign key is checked row by row and
costs more than the COPY itself.

2026-11-20  Moments are integers (microseconds) on SQLite and timestamptz on Postgres, because
SQLite hands timezone-aware datetimes back naive.
"""
