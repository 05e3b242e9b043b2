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


NEWER = """omg-sos about --help
usage: sos report [options]
  --all-logs            collect all available logs regardless of size
  --journal-size JOURNAL_SIZE
omg-sos alive
omg-sos about --list-plugins

sos report (version 4.10.0)

The following plugins are currently enabled:

 block                Block device information
 host                 Host information

The following plugins are currently disabled:

 openstack_nova                 inactive       Openstack Nova

The following options are available for ALL plugins:
 timeout                   300             Timeout in seconds for plugin to finish all collections
omg-sos alive

The following plugin options are available:
 networking.timeout                  300             Timeout
 networking.traceroute               off             collect a traceroute

 Profiles: boot, hardware, openstack_controller, openstack_edpm,
omg-sos alive
           openstack_undercloud, system

 6 profiles, 2 plugins

omg-sos about --list-profiles
The following profiles are available:

 boot           block
 hardware       block, host,
                crypto
 openstack_controllerkeystone, nova
 openstack_edpm edpm

 6 profiles, 2 plugins

"""


def test_the_format_of_newer_versions_is_read_too_names_of_any_length_and_beats_between() -> None:
    known = known_of(NEWER)
    assert known.plugins == {"block", "host", "openstack_nova"}
    assert known.profiles == {
        "boot",
        "hardware",
        "openstack_controller",
        "openstack_edpm",
        "openstack_undercloud",
        "system",
    }
    wanted = Wanted(plugins=("host.level", "block"), profiles=("openstack_controller",), journal_size=9)
    options, dropped = options_for(wanted, known)
    assert options[2:] == [
        "--journal-size",
        "9",
        "--profiles",
        "openstack_controller",
        "--only-plugins",
        "host.level,block",
    ]
    assert dropped == []


def test_where_nothing_of_what_was_wanted_is_known_that_is_said() -> None:
    _, dropped = options_for(Wanted(profiles=("openstack_edpm", "nope")), known_of(ANSWER))
    assert dropped == ["the profile openstack_edpm", "the profile nope (which leaves all profiles)"]
