"""The settings of a home: defaults, then `bohari.toml`, then `BOHARI_*`, then options.

Read with msgspec, which the ledger has loaded anyway: a settings library would cost a tenth of the
second in which the window must answer (a quarter, where nothing else needs pydantic), for ten values.
"""

import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec import Struct

from pos_app.ledger.errors import Damaged, Refused, Unavailable
from pos_app.store.engine.key_store import sync_folder

FILE: Final = "bohari.toml"
_PREFIX: Final = "BOHARI_"
#: `BOHARI_SCANNER_GAP_MS` is `gap_ms` of the table `[scanner]`.
_OF_SCANNER: Final = "scanner_"
#: A name that TOML takes without quotation marks.
_BARE_KEY: Final = re.compile(r"[A-Za-z0-9_-]+")


class Scanner(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The table `[scanner]`: how the barcode scanner of a till is set up, see `devices.scanner`.

    `minimum_length` is the shortest label in characters; two keys of a label come within `gap_ms`, and its
    end within `terminator_gap_ms`.  `prefix` and `suffix` are what it sends around the label, `ends_with`
    the keys that end one: `enter`, `tab`, both, or none where the scanner sends none.
    """

    minimum_length: int = 4
    gap_ms: float = 35.0
    terminator_gap_ms: float = 70.0
    prefix: str = ""
    suffix: str = ""
    ends_with: str = "enter tab"


class Settings(Struct, frozen=True, kw_only=True):
    """What a person may set of a home.

    `kind` and `org_id` are written when the home is made, `database` says where a central home's
    data lie ("embedded" or "url"; the URL itself, which may hold a password, is never written).
    """

    kind: str = ""
    org_id: int = 0
    #: 1 when a central home holds several organisations, so that commands must be told which.
    several: int = 0
    #: The template of a founding by the browser that is not played to its end yet, written by itself.
    founding: str = ""
    #: Which organisation a command is for, by label or name; empty when there is one.
    org: str = ""
    database: str = "embedded"
    database_url: str = ""
    #: With a Postgres of one's own: how the server and the office log in there; made by itself where the
    #: user of `database_url` may make logins.
    database_server_url: str = ""
    #: 1 where `database_server_url` leads to pgbouncer in transaction pooling.
    database_pooled: int = 0
    host: str = "127.0.0.1"
    port: int = 0
    #: 1 lets a server that is reached beyond this machine say on the local network that it is there, so that
    #: the first start of a till finds it (multicast DNS).
    announce: int = 0
    #: On a till: how far its first start in the window has come, written by itself; empty once it is done.
    first_start: str = ""
    first_server: str = ""
    #: On the till of a shop that is one PC: the home of the centre that runs here too.
    own_centre: str = ""
    #: 1 on a till whose window runs the daemon, and the centre of this PC, wherever nothing else does.
    runs_beside: int = 0
    #: A printer's address as `pos_app.devices.printer` reads it; empty previews below the home.
    printer: str = ""
    #: The roll of this till's own printer, 80 or 58 millimetres wide; 0 is as its depot says.
    printer_width: int = 0
    #: "raster" sends a picture, the same on every printer; "text" sends letters, a tenth of the bytes, for
    #: slow lines, in the letters that the printer happens to have.
    printer_mode: str = "raster"
    scanner: Scanner = Scanner()
    #: What the numbers of scales mean (prefixes 02 and 20 to 29): a country that biip knows (`se`), or
    #: layouts with their decimals, such as `21IIIIIWWWWWC/3 20IIIIIVPPPPC/2` (see `devices.scale_label`).
    scale_labels: str = ""
    #: On a till: the card terminal beside it, tcp://host:port; empty where the number of its slip is typed.
    card_terminal: str = ""
    #: Milliseconds of each minute for reconciliation in the background; a till uses a tenth; 0 is none.
    reconcile_ms: int = 2000
    #: At which hour of the organisation's day everything is verified, on a till as at the centre; -1 is
    #: never.
    verify_hour: int = 2
    #: Milliseconds of each minute for it, while it is under way.
    verify_ms: int = 6000
    #: How often the server values the stock of an organisation where something moved; 0 is never.
    value_stock_every_s: int = 900
    #: So many days back the server tells a new till which M-Pesa codes are used; of later ones all hear.
    mpesa_code_days: int = 180
    #: From which addresses providers may tell of payments, with or without a mask, spaces between several;
    #: empty: from every address (the path holds a secret all the same).
    payments_from: str = ""
    #: Alerts are posted there as JSON; empty is nowhere.
    alert_webhook: str = ""
    #: 1 lets webhooks of organisations tell a program on this machine, over http://127.0.0.1 too; 0 lets them
    #: go to addresses of the open internet alone.
    webhooks_to_this_machine: int = 0
    #: Where messages to customers go: an SMS gateway (https://…, see `sync.server.message_gateway`) with its
    #: token, a mail server (smtps://user:secret@host), and from whom they come; empty sends none.
    sms_gateway: str = ""
    sms_token: str = ""
    mail_server: str = ""
    message_sender: str = ""
    #: Who may read /metrics; empty lets this machine only.
    metrics_token: str = ""
    #: The public keys (age1…) that copies of the database are closed to; spaces between several.
    backup_recipient: str = ""
    #: On a till: the folder of its daily backups, and the day on which the shop's private key last opened
    #: one; written by `bohari backup-set`.
    backup_folder: str = ""
    backup_key_tried: str = ""
    #: On a till: the folder of its second medium and which one it is, written by `bohari medium set`.
    medium: str = ""
    medium_id: str = ""
    #: So many days, and at most so many megabytes, stays on the medium what the centre acknowledged.
    medium_keep_days: int = 30
    medium_keep_mb: int = 64
    #: At a centre with its own Postgres: the folder of its backups, how many whole copies stay there, and
    #: which keys were kept apart from them; written by `bohari backups set`.
    centre_backups: str = ""
    centre_backups_keep: int = 7
    centre_backups_keys: str = ""
    #: Two PEM files with which the server serves TLS itself; empty when something before it does.
    tls_certificate: str = ""
    tls_key: str = ""
    #: 1 lets plain http go beyond this machine, where anybody on the way reads it (`--insecure`).
    insecure: int = 0
    #: Under which address people open the back office, https://shop.example.com; passkeys are bound to it.
    public_address: str = ""
    #: Under which URL the server answered last, written by itself.
    serving: str = ""
    #: On a till: a PEM file of the authorities whose certificates it takes, instead of the well-known ones.
    server_ca: str = ""
    #: light, dark or contrast.
    theme: str = "light"
    #: How large the window is drawn, in per cent of its design (100 to 300); 0 is as its size allows.
    window_scale: int = 0
    #: The screen of the customer's window, by its name; `other` is any but the till's own, empty is none.
    customer_screen: str = ""
    #: 1 lets be heard what a scan came to, 0 does not.
    sounds: int = 1
    language: str = "en"
    #: In which language receipts, slips and invoices are printed.
    receipt_language: str = "en"


#: What belongs to the place where a till stands, and goes with it to another machine.
_OF_THE_PLACE: Final = frozenset(
    {
        "printer",
        "printer_width",
        "printer_mode",
        "scanner",
        "scale_labels",
        "card_terminal",
        "theme",
        "window_scale",
        "customer_screen",
        "sounds",
        "language",
        "receipt_language",
    }
)


def load(home: Path, environment: Mapping[str, str] | None = None, **options: Any) -> Settings:
    """The settings of a home; `options` that are None leave the others' word.

    Raises `Damaged` when the file is no TOML, `Refused` when a value has the wrong form and
    `Unavailable` when the file cannot be read.
    """
    values = _read(home / FILE)
    known = {field.name for field in msgspec.structs.fields(Settings)}
    for name, text in (os.environ if environment is None else environment).items():
        field = name.removeprefix(_PREFIX).lower()
        if not name.startswith(_PREFIX) or not text:
            continue
        if field.startswith(_OF_SCANNER):
            values["scanner"] = {**values.get("scanner", {}), field.removeprefix(_OF_SCANNER): text}
        elif field in known and field != "scanner":
            values[field] = text
    values |= {name: value for name, value in options.items() if value is not None}
    try:
        return msgspec.convert(
            {name: value for name, value in values.items() if name in known}, Settings, strict=False
        )
    except msgspec.ValidationError as error:
        raise Refused("setting-malformed", why=error, file=home / FILE, prefix=_PREFIX) from error


def write(home: Path, **values: str | int) -> None:
    """Keep values in the home's file, beside those that stand there; they are on the disk then."""
    text = _table({**_read(home / FILE), **values})
    making = home / f"{FILE}.making"
    with making.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        # Otherwise a power cut can leave the name without what is in it: a till without its settings.
        os.fsync(file.fileno())
    making.replace(home / FILE)
    sync_folder(home)


def take_over(home: Path, other: Path) -> None:
    """Keep in a home what another home's file says of printer, scanner and the like.

    Raises `Damaged` when that is no TOML.
    """
    found = {name: value for name, value in _read(other).items() if name in _OF_THE_PLACE}
    write(home, **found)


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as error:
        raise Unavailable("settings-unreadable", path=path, why=error.strerror) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Damaged("settings-unreadable", path=path, why=error) from error


def _table(values: Mapping[str, Any], above: str = "") -> str:
    """Values as TOML: the plain ones first, for what follows the head of a table belongs to it."""
    plain = {name: value for name, value in values.items() if not isinstance(value, dict)}
    text = "".join(f"{_key(name)} = {_toml(value)}\n" for name, value in plain.items())
    for name in (one for one in values if one not in plain):
        text += f"\n[{above}{_key(name)}]\n" + _table(values[name], f"{above}{_key(name)}.")
    return text


def _key(name: str) -> str:
    return name if _BARE_KEY.fullmatch(name) else msgspec.json.encode(name).decode()


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    # A JSON string is a TOML basic string, and a list of such a list.
    return str(value) if isinstance(value, int) else msgspec.json.encode(value).decode()
