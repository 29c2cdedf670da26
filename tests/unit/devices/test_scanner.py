"""The wedge recogniser: scans are found, typing is handed back, nothing is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.devices.scanner import ENTER, TAB, Outcome, Scan, Typed, WedgeRecogniser, WedgeSettings

EAN = "6161100000008"


def feed(
    keys: str, gap_ms: float, start_ms: float = 1000.0, wedge: WedgeRecogniser | None = None
) -> list[Outcome]:
    """Press keys evenly, ticking whenever the recogniser asks for it, then wait."""
    wedge = wedge or WedgeRecogniser()
    outcomes: list[Outcome] = []
    at_ms = start_ms
    for char in keys:
        due_ms = wedge.due_at_ms
        if due_ms is not None and due_ms <= at_ms:
            outcomes += wedge.tick(due_ms)
        outcomes += wedge.key(char, at_ms)
        at_ms += gap_ms
    return outcomes + wedge.tick(at_ms + 1000)


def typed(outcomes: list[Outcome]) -> str:
    assert all(isinstance(outcome, Typed) for outcome in outcomes)
    return "".join(outcome.keys for outcome in outcomes)


@pytest.mark.parametrize("gap_ms", [0.0, 1.0, 5.0, 16.0, 34.0])
@pytest.mark.parametrize("terminator", [ENTER, "\n", TAB, ""])
def test_complaint_14_scanner_loses_or_leaks_no_digit(gap_ms: float, terminator: str) -> None:
    assert feed(EAN + terminator, gap_ms) == [Scan(text=EAN, keys=EAN + terminator)]


def test_complaint_14_first_digit_is_held_until_it_is_certain() -> None:
    wedge = WedgeRecogniser()
    assert wedge.key("6", 1000) == []
    assert wedge.tick(1034) == []
    assert wedge.tick(1035) == [Typed("6")]


def test_complaint_14_scan_into_half_typed_field_keeps_both() -> None:
    wedge = WedgeRecogniser()
    outcomes = (
        feed("12", 80, 1000, wedge) + feed(EAN + ENTER, 4, 3000, wedge) + feed("3" + ENTER, 80, 4000, wedge)
    )
    assert [o for o in outcomes if isinstance(o, Scan)] == [Scan(EAN, EAN + ENTER)]
    assert typed([o for o in outcomes if isinstance(o, Typed)]) == "123" + ENTER


def test_two_scans_directly_behind_each_other() -> None:
    assert feed(f"{EAN}\r5449000000996\r", 3) == [
        Scan(EAN, EAN + "\r"),
        Scan("5449000000996", "5449000000996\r"),
    ]


@pytest.mark.parametrize("gap_ms", [60.0, 70.0, 80.0, 250.0])
def test_fast_typist_is_no_scanner(gap_ms: float) -> None:
    assert typed(feed("20000" + ENTER, gap_ms)) == "20000" + ENTER


def test_key_held_down_is_no_scanner() -> None:
    assert typed(feed("0" * 40 + ENTER, 30)) == "0" * 40 + ENTER


def test_lone_enter_reaches_the_person_at_once() -> None:
    assert WedgeRecogniser().key(ENTER, 1000) == [Typed(ENTER)]


def test_short_burst_is_typing_and_keeps_its_enter() -> None:
    assert feed("12" + ENTER, 10) == [Typed("12" + ENTER)]


def test_late_enter_of_a_slow_scanner_belongs_to_the_scan() -> None:
    wedge = WedgeRecogniser()
    for place, char in enumerate(EAN):
        assert wedge.key(char, 1000 + 5 * place) == []
    assert wedge.key(ENTER, 1000 + 5 * 12 + 60) == [Scan(EAN, EAN + ENTER)]


def test_enter_of_a_person_after_a_scan_without_terminator_is_not_swallowed() -> None:
    wedge = WedgeRecogniser()
    for place, char in enumerate(EAN):
        wedge.key(char, 1000 + 5 * place)
    assert wedge.key(ENTER, 1600) == [Scan(EAN, EAN), Typed(ENTER)]


def test_gap_in_the_middle_splits_and_loses_nothing() -> None:
    wedge = WedgeRecogniser()
    outcomes = [*wedge.key("1", 0), *wedge.key("2", 5), *wedge.key("3", 50), *wedge.tick(200)]
    assert outcomes == [Typed("12"), Typed("3")]


def test_clock_that_goes_back_makes_no_scan() -> None:
    wedge = WedgeRecogniser()
    outcomes = [
        outcome
        for at_ms, char in zip((100, 90, 80, 70, 60), "12345", strict=True)
        for outcome in wedge.key(char, at_ms)
    ]
    assert typed(outcomes + wedge.flush()) == "12345"


def test_prefix_suffix_and_symbology_are_taken_off() -> None:
    wedge = WedgeRecogniser(WedgeSettings(prefix="\x02", suffix="\x03"))
    raw = f"\x02]E0{EAN}\x03{ENTER}"
    assert feed(raw, 4, wedge=wedge) == [Scan(text=EAN, keys=raw, symbology="]E0")]


def test_prefix_counts_not_towards_the_length() -> None:
    wedge = WedgeRecogniser(WedgeSettings(prefix="\x02"))
    assert feed("\x0212" + ENTER, 4, wedge=wedge) == [Typed("\x0212" + ENTER)]


def test_flush_hands_back_before_an_arrow_key() -> None:
    wedge = WedgeRecogniser()
    wedge.key("1", 1000)
    assert wedge.flush() == [Typed("1")]
    assert wedge.due_at_ms is None
    assert wedge.flush() == []


@pytest.mark.parametrize("settings", [{"minimum_length": 1}, {"gap_ms": 0}, {"gap_ms": 80}])
def test_absurd_settings_are_refused(settings: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"\."):
        WedgeSettings(**settings)  # type: ignore[arg-type]  # keyword by keyword


keys_with_gaps = st.lists(
    st.tuples(
        st.sampled_from("0123456789A]E\x02\x03\r\n\t"),
        st.floats(min_value=-50, max_value=300, allow_nan=False),
        st.booleans(),
    ),
    max_size=60,
)


@given(keys_with_gaps, st.sampled_from(["", "\x02"]), st.sampled_from(["", "\x03"]))
def test_complaint_14_outputs_are_the_input_for_any_timing(
    presses: list[tuple[str, float, bool]], prefix: str, suffix: str
) -> None:
    wedge = WedgeRecogniser(WedgeSettings(prefix=prefix, suffix=suffix))
    outcomes: list[Outcome] = []
    at_ms = 0.0
    for char, gap_ms, ticks_before in presses:
        at_ms += gap_ms
        if ticks_before:
            outcomes += wedge.tick(at_ms)
        outcomes += wedge.key(char, at_ms)
    outcomes += wedge.flush()
    assert "".join(outcome.keys for outcome in outcomes) == "".join(char for char, _, _ in presses)
    for outcome in outcomes:
        if isinstance(outcome, Scan):
            assert outcome.symbology + outcome.text in outcome.keys
            assert len(outcome.text) >= 4


@given(
    st.text("0123456789ABC", min_size=4, max_size=40), st.floats(0, 34.9), st.sampled_from([ENTER, TAB, ""])
)
def test_any_label_at_scanner_speed_is_one_scan(label: str, gap_ms: float, terminator: str) -> None:
    expected: Outcome = Scan(label, label + terminator) if len(set(label)) > 1 else Typed(label + terminator)
    wedge = WedgeRecogniser()
    outcomes = [o for place, char in enumerate(label + terminator) for o in wedge.key(char, place * gap_ms)]
    assert outcomes + wedge.flush() == [expected]


@given(st.text("0123456789", min_size=1, max_size=30), st.lists(st.floats(35, 500), min_size=31, max_size=31))
def test_no_person_becomes_a_scan(keys: str, gaps_ms: list[float]) -> None:
    wedge = WedgeRecogniser()
    outcomes: list[Outcome] = []
    at_ms = 0.0
    for char, gap_ms in zip(keys, gaps_ms, strict=False):
        at_ms += gap_ms
        outcomes += wedge.key(char, at_ms)
    assert typed(outcomes + wedge.flush()) == keys
