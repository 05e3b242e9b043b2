"""What the command prints for a person."""

import click

from omg.cli import on_terminal


def test_a_line_of_the_summary_is_broken_between_words_and_hangs() -> None:
    line = "Look first at namespaces/openstack/pods/cinder-volume-netapp-0/logs/ (CrashLoopBackOff; 9 more in trouble)."
    assert on_terminal(line, 80, styled=False) == [
        "Look first at namespaces/openstack/pods/cinder-volume-netapp-0/logs/",
        "  (CrashLoopBackOff; 9 more in trouble).",
    ]


def test_what_matters_is_marked_where_that_is_wanted() -> None:
    marked = on_terminal("! A warning.", 80, styled=True)
    assert marked == [click.style("! A warning.", fg="red", bold=True)]
    assert on_terminal("! A warning.", 80, styled=False) == ["! A warning."]
    assert on_terminal("Everything is in /out.", 80, styled=True) == ["Everything is in /out."]
    assert on_terminal("denied: secrets: no.", 80, styled=True) != ["denied: secrets: no."]


def test_a_word_that_is_longer_than_the_line_stays_whole() -> None:
    assert on_terminal(f"Archive: /{'x' * 200}", 40, styled=False) == ["Archive:", f"  /{'x' * 200}"]
