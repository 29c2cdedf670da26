"""Changing what a role may, from a moment on: rows that no command writes yet and every till obeys."""

from datetime import datetime

from sqlalchemy import Connection, text

from pos_app.ledger.permission import Permission
from pos_app.store.master import enrolment, master_edit
from pos_app.store.tables import master
from pos_app.store.tables.columns import micros


def allow(connection: Connection, org_id: int, role: str, permission: Permission, at: datetime) -> None:
    """From `at` on the role has the permission; having it already changes nothing."""
    enrolment.lock_organisation(connection, org_id)
    if _grant(connection, org_id, role, permission) is None:
        connection.execute(
            master.role_permission.insert().values(
                org_id=org_id,
                grant_id=master_edit.next_id(connection, org_id, master.role_permission),
                role=role,
                permission=permission.value,
                valid_from_us=micros(at),
            )
        )


def forbid(connection: Connection, org_id: int, role: str, permission: Permission, at: datetime) -> None:
    """From `at` on the role has the permission no more."""
    enrolment.lock_organisation(connection, org_id)
    key = _grant(connection, org_id, role, permission)
    if key is not None:
        master_edit.change(connection, master.role_permission, org_id, key, valid_to_us=micros(at))


def _grant(connection: Connection, org_id: int, role: str, permission: Permission) -> int | None:
    found = connection.execute(
        text(
            "SELECT grant_id FROM role_permission WHERE org_id = :org AND role = :role"
            " AND permission = :permission AND valid_to_us IS NULL"
        ),
        {"org": org_id, "role": role, "permission": permission.value},
    ).scalar_one_or_none()
    return None if found is None else int(found)
