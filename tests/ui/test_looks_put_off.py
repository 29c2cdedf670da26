"""What is looked at after a recording is looked at when what was recorded is on the screen."""

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from demo.simulated_cashier import Hands
from pos_app.store.balances import affected
from pos_app.store.upkeep import findings
from pos_app.till.till import Till
from tests.support.worlds.till_builder import barcode_of


def _found(till: Till) -> bool:
    with till.database.read() as connection:
        return bool(findings.all_of(connection, 1))


def test_damage_is_found_by_the_window_after_the_sale_is_shown(
    selling: Hands, till: Till, qtbot: QtBot
) -> None:
    with till.database.write() as connection:
        for table, column in (
            ("account_balance", "amount"),
            ("stock_level", "quantity"),
            ("drawer_cash", "amount"),
        ):
            connection.exec_driver_sql(f"UPDATE {table} SET {column} = {column} + 5")
    for _ in range(4 * affected.EVERY):
        selling.scan(barcode_of(7))
        selling.press(Qt.Key.Key_F12)
        selling.type("1000")
        selling.press(Qt.Key.Key_Return)
        selling.press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: _found(till))
