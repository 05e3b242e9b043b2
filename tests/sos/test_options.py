from omg.sos.options import Known, Wanted, dropped_sentence, known_of, options_for

ANSWER = """omg-sos about --help
usage: sos report [-a] [--all-logs] [--only-plugins ONLY] --profiles [-p PROFILES]
omg-sos about --list-plugins

sosreport (version 4.0)

The following plugins are currently enabled:

 block                Block device information
 host                 Host information

The following plugins are currently disabled:

 crio                 inactive       CRI-O containers

The following options are available for ALL plugins:
 timeout                   -1              Timeout in seconds for plugin
omg-sos about --list-profiles

The following profiles are available:

 hardware        block, crypto, devices,
                 multipath, networking
 system          host
"""


def test_what_a_sos_says_it_knows_is_read_whether_a_plugin_is_enabled_or_not() -> None:
    known = known_of(ANSWER)
    assert known.plugins == {"block", "host", "crio"}
    assert known.profiles == {"hardware", "system"}
    assert "--all-logs" in known.options
    assert "--journal-size" not in known.options


def test_what_a_sos_does_not_know_is_left_out_and_named() -> None:
    wanted = Wanted(plugins=("host", "nope"), profiles=("system", "openstack_edpm"), journal_size=100)
    options, dropped = options_for(wanted, known_of(ANSWER))
    assert options == ["--batch", "--all-logs", "--profiles", "system", "--only-plugins", "host"]
    assert dropped == ["the option --journal-size", "the profile openstack_edpm", "the plugin nope"]
    assert "the profile openstack_edpm" in dropped_sentence(dropped)
    assert dropped_sentence([]) == ""


def test_a_sos_that_says_nothing_is_asked_for_everything_that_is_wanted() -> None:
    wanted = Wanted(plugins=("host",), journal_size=100)
    options, dropped = options_for(wanted, known_of("omg-sos about --help\n"))
    assert options == ["--batch", "--all-logs", "--journal-size", "100", "--only-plugins", "host"]
    assert not dropped
    assert known_of("") == Known()
