"""Every notation in which people and programs write a secret: the secret goes, everything else stays."""

import base64
import json
import re

import pytest

from omg.masking import Masker
from omg.masking.rules import RULES, SIEVE

KEY = b"k" * 32
MARK = re.compile(r"__hidden_[A-Z2-7]{8}__")

MIXED = "Zk3x9QwLmT8rPq4v"
PWGEN = "ohx4aishee"
"""As pwgen draws one: small letters and a digit."""

ANY = (MIXED, PWGEN)
DIRECTIVES = [
    "auth_pass §",
    "shared_key §",
    "    password §",
    "secret §;",
    "masterauth §",
    'requirepass "§"',
    "machine h login u password §",
    "neighbor 10.0.0.1 password §",
    'proxy_set_header Authorization "Bearer §";',
    'RequestHeader set X-Auth-Token "§"',
    'RequestHeader set Authorization "Bearer §"',
    'SetEnv OS_PASSWORD "§"',
    "*.* :ommysql:h,Syslog,user,§",
    'bob : XAUTH "§"',
    "10.0.0.1 %any : PSK §",
    "user default on >§ ~* +@all",
    '1339518083.107412 [0 127.0.0.1:60866] "AUTH" "§"',
    '"AUTH" "default" "§"',
    "ldap_default_authtok = §",
    "HAPROXY_STATS_AUTH=admin:§",
    "+password = §",
    "-password = §",
    "wpa_psk=§",
    r"password\=§",
    "passcode: §",
    "pin_code=§",
    "Unseal Key 1: §",
    "adminPass                 | §",
    "2026-11-30 08:00:00.000 1 DEBUG oslo_service.service [-] san_password                   = §",
    "priv_key=§",
    "aes_key = §",
    "  key-string §",
    "  key-string 7 §",
    " ip ospf message-digest-key 1 md5 §",
    " ip ospf authentication-key §",
    "tacacs-server host 10.0.0.9 key 7 §",
    "username admin privilege 15 password 0 §",
]
COMMANDS = [
    "snmpwalk -v3 -u mon -l authPriv -a SHA -A § -x AES -X § 10.0.0.1",
    "fence_ipmilan -a 10.0.0.1 -l root -p § -o status",
    "ipa-client-install -p admin -w § -U",
    "kadmin -p admin -w § -q listprincs",
    "echo § | kinit admin",
    "echo '§' | sudo -S ls",
    "passwd --stdin root <<< §",
    "virsh set-user-password dom root §",
    "virsh secret-set-value 5c6a9b1e --base64 §",
    "virsh secret-set-value 5c6a9b1e §",
    "pcs cluster auth node1 -u hacluster -p §",
    "url = jdbc:oracle:thin:scott/§@db:1521/x",
    "kubeadmin password is: §",
    "set_password vnc §",
    "ceph dashboard ac-user-set-password admin §",
    "rabbitmqadmin -u u -p § list queues",
    "mongosh -u root -p § --authenticationDatabase admin",
    "openssl enc -aes-256-cbc -k § -in x",
    "openssl dgst -sha256 -hmac § f",
    "openssl passwd -6 §",
    "curl -ksu 'admin:§' https://x",
    "curl -su admin:§ https://x",
    "ldapsearch -xw § -D cn=x",
    "skopeo copy --src-creds u:§ --dest-creds v:§ a b",
    "podman pull --creds u:§ quay.io/x",
    "kubectl create secret generic x --from-literal=password=§ --from-literal=foo=§",
    "useradd -m -p § bob",
    "etcdctl --user root:§ get /",
    "nmcli con mod x wifi-sec.psk §",
    "nmcli dev wifi connect net password §",
    "iscsiadm -m node -o update -n node.session.auth.password -v §",
    "java -Xmx1g -Djavax.net.ssl.keyStorePassword=§ -jar x.jar",
    "netroot=iscsi:user:§@10.0.0.1::3260::iqn.x",
    'type=EXECVE msg=audit(1:2): argc=4 a0="mysql" a1="-uroot" a2="-p§" a3="x"',
    'a0="openstack" a1="--os-password" a2="§"',
    'execve("/usr/bin/mysql", ["mysql", "-uroot", "-p§"], 0x7f /* 20 vars */) = 0',
    "openstack secret store --name x --payload §",
    "ssh-keygen -t ed25519 -N § -f key",
    "openstack secret store --name x -p §",
    "smbclient -U user%§ //server/share",
    'createUser -e 0x8000 mon MD5 "§" DES "§"',
]
STRUCTURES = [
    '{"passwords":{"nova":"§"}}',
    '{"password":{"value":"§"}}',
    '{"value":"§","name":"DB_PASSWORD"}',
    "env: [{name: A, value: b}, {name: DB_PASSWORD, value: §}]",
    "args: [run, --db-password, §, --x]",
    '{"Env": ["A=b", "DB_PASSWORD=§", "Z=c"]}',
    '<nvpair id="a" value="§" name="passwd"/>',
    '<entry key="db.password">§</entry>',
    '<property name="password">§</property>',
    '<property name="password"><value>§</value></property>',
    "<password><![CDATA[§]]></password>",
    '<login user="a" password="§"/>\nwhat follows\nsan_password =\n    §\nand what follows that',
    "&lt;password&gt;§&lt;/password&gt;",
    "<key>password</key><string>§</string>",
    "<secret ephemeral='no'><value>§</value></secret>",
    '{password,"§"}',
    '{ default_pass , "§" },',
    '(string) (len=16) "password": (string) "§"',
    '{User:admin Password:(string) (len=10) "§"}',
    "POST /login user%3Dadmin%26password%3D§%26x%3D1",
    'if password != "§":',
    'set_password("§")',
    ' {default_pass,"§"},',
    '{auth_mechanism,{"PLAIN",<<0,"user",0,"§">>}}',
    '<<"LOGIN">>,longstr,<<"guest">>},{<<"PASSWORD">>,longstr,<<"§">>}',
    "[password] => §",
    "$conf['password'] = '§';",
    'qemu-kvm -object {"qom-type":"secret","id":"masterKey0","format":"raw","data":"§"} -x',
    "SET PASSWORD FOR 'u'@'%' = '§'",
    "INSERT INTO volumes VALUES ('id','CHAP user §',NULL);",
    "ALTER USER 'u'@'%' IDENTIFIED VIA mysql_native_password USING '§'",
    '[{"op":"replace","path":"/data/password","value":"§"}]',
    '[{"path":"/data/db~1password","op":"add","value":"§"}]',
    '{"op": "replace", "value": "§", "path": "/spec/dbPassword"}',
    "patches: [{op: replace, path: /data/password, value: §}]",
    "env: &EnvVar{Name:DB_PASSWORD,Value:§,ValueFrom:nil,},&EnvVar{Name:A,Value:b,ValueFrom:nil,}",
    'v1.EnvVar{Name:"DB_PASSWORD", Value:"§", ValueFrom:(*v1.EnvVarSource)(nil)}',
    "config.set('database', 'password', '§')",
    'cfg.CONF.set_override("x", "admin_password", "§")',
    "&quot;password&quot;:&quot;§&quot;,&quot;user&quot;:&quot;a&quot;",
    "{&#39;password&#39;: &#39;§&#39;}",
    "body=%7B%22password%22%3A%22§%22%2C%22user%22%3A%22a%22%7D",
    "body=%257B%2522password%2522%253A+%2522§%2522%257D",
]
PROSE = [
    "echo ${PASS:-§}",
    "WSREP_SST: [INFO] wsrep_sst_mariabackup --auth 'root:§' --role donor",
    "the password for user nova is '§'",
    "password changed from '§' to '§'",
    "**Password:** `§`",
    "credentials admin:§",
    "password -> §",
    "login failed with token §, giving up",
    "the password for nova is §",
    "Password for root@db: §",
    "user root with password 9a2f0c14bd7e6a5803c1d2e4f5a6b7c8§ logged in",
    "  - -p§",
    "the password was set to §",
    "Set user root password to §",
    "2026-11-30T08:00:00.1Z 6 [Note] [MY-010454] [Server] A temporary password is generated for root@localhost: §",
    "{&EnvVar{Name:DB_PASSWORD Value:§ ValueFrom:nil}}",
    "password has been changed to: §",
]
TOKENS = [
    "POST https://hooks.slack.com/services/T00000000/B00000000/§",
    "https://a.blob.core.windows.net/c/b?sv=2021&sig=§",
    "GET /v1/AUTH_x/c/o?temp_url_sig=§ HTTP/1.1",
    "git clone https://§§@github.com/a/b",
    "using github_pat_§§ here",
    "npm_§§ used",
    "token hvs.§§ accepted",
    "key hmac-sha256:rndc-key §==",
    "SAMLResponse=§§§",
]
BLOCKS = [
    "passwords:\n  nova: §\n  user: admin\nport: 1\n",
    "credentials:\n  username: u\n  value: §\n",
    "tokens:\n  - name: a\n    value: §\n",
    '"args":\n- "--db-password"\n- "§"\n- "--debug"\n',
    '"data": {\n  "note": "cGFzczp3b3JkMTIzNDU2Nzg5"\n},\n'.replace("cGFzczp3b3JkMTIzNDU2Nzg5", "b2h4NGFpc2hlZQ=="),
    'REQ {"x": "{\\n \\"env\\": [\\n  {\\n \\"name\\": \\"DB_PASSWORD\\",\\n \\"value\\": \\"§\\"\\n }\\n ]\\n}"}\n',
    '{\n "Name": "OS_PASSWORD",\n "Value": "§"\n}\n',
    "- name: DB_PASSWORD\n  description: of the database\n  generate: expression\n  value: §\n",
    "Data\n====\nAdminPassword:\n----\n§\n\nother:\n----\nx\n",
    "| ID | Name | Secret Key |\n|----|------|------------|\n| 1  | one  | §          |\n",
    "+---+------+---+\n| ID | Secret | Project ID |\n+---+---+---+\n| 1  | § | x |\n| 2 | § | y |\n+---+---+---+\n",
    " name | password \n------+----------\n nova | §\n",
    "id\tname\tpassword\n1\tnova\t§\n2\tglance\t§\n",
    "id,password,name\n1,§,nova\n",
    "passwords: {nova: §, glance: §}\n",
    "- op: replace\n  path: /spec/password\n  value: §\n",
    '{\n "path": "/spec/password",\n "op": "add",\n "value": "§"\n}\n',
    "- value: §\n  name: DB_PASSWORD\n- name: A\n  value: b\n",
    "env:\n  value: '§'\n  name: DB_PASSWORD\n",
    '[\n {\n  "value": "§",\n  "name": "DB_PASSWORD"\n }\n]\n',
    'applied {"a": "env:\\n- value: §\\n  name: DB_PASSWORD\\n"} now\n',
    'REQ "{\\n \\"value\\": \\"§\\",\\n \\"name\\": \\"DB_PASSWORD\\"\\n}"\n',
    "chpasswd:\n  list: |\n    root:§\n    cloud:§\n  expire: false\n",
    "chpasswd:\n  list:\n  - root:§\n  expire: false\n",
]


PACKED = [
    ("type=PROCTITLE msg=audit(1:2): proctitle=§", "mysql\0-uroot\0-p{}\0nova"),
    ("type=PROCTITLE msg=audit(1:2): proctitle=§", "openstack\0--os-password\0{}"),
    ('type=EXECVE msg=audit(1:2): argc=3 a0="bash" a1="-c" a2=§', "mysql -uroot -p'{}' nova"),
    ("type=EXECVE msg=audit(1:2): argc=3 a2[1]=§", "curl -u admin:{} https://x"),
    (
        'type=USER_CMD msg=audit(1:2): pid=1 uid=0 msg=\'cwd="/root" cmd=§ exe="/usr/bin/sudo"\'',
        "ipmitool -P {} power status",
    ),
]
"""Lines of an audit log, and what is written into them in hexadecimal digits."""


def hidden(line: str, *values: str) -> list[tuple[str, str]]:
    """The line with each value, as it is and masked."""
    return [
        (line.replace("§", value), Masker(KEY).text(line.replace("§", value).encode()).decode()) for value in values
    ]


@pytest.mark.parametrize("line", [*DIRECTIVES, *COMMANDS, *STRUCTURES])
def test_the_secret_goes_and_everything_else_stays(line: str) -> None:
    for plain, masked in hidden(f"{line}\n", *ANY):
        assert plain != masked
        parts = [re.escape(part) for part in line.split("§")]
        assert re.fullmatch("__hidden_[A-Z2-7]{8}__".join(parts) + "\n", masked), masked


@pytest.mark.parametrize("line", [*PROSE, *TOKENS])
def test_what_only_its_looks_tell_goes_too(line: str) -> None:
    for _, masked in hidden(f"{line}\n", MIXED):
        assert MIXED not in masked
        assert MARK.search(masked)


def test_a_value_that_begins_like_a_number_or_a_path_goes() -> None:
    quoted = "ipmitool -U root -P '46288'\"'\"'H5Var\"Y3XNs\\pLq9G' power status"
    assert "H5Var" not in Masker(KEY).text(quoted.encode()).decode()
    fence = "pcs stonith create f1 fence_ipmilan username=root passwd=/KFrwKFlF/p3TdkEy/QF5grC lanplus=1"
    assert "p3TdkEy" not in Masker(KEY).text(fence.encode()).decode()
    letters = "db_password: /KqRBFCEQLT/G/awC/mJbhAb\n"
    assert "KqRBFC" not in Masker(KEY).text(letters.encode()).decode()
    for path in ("/customers/token-file", "/etc/AbCdefGH/x", "/OpenStack/keys", "/v3/auth/Tokens", "/opt/x/TokenFile"):
        assert path in Masker(KEY).text(f"db_password: {path}\n".encode()).decode()


@pytest.mark.parametrize(("line", "text"), PACKED)
def test_a_command_line_in_hexadecimal_digits_goes_where_it_holds_a_secret(line: str, text: str) -> None:
    for value in ANY:
        for digits in (text.format(value).encode().hex(), text.format(value).encode().hex().upper()):
            masked = Masker(KEY).text(f"{line}\n".replace("§", digits).encode()).decode()
            before, after = map(re.escape, line.split("§"))
            assert re.fullmatch(f"{before}__hidden_[A-Z2-7]{{8}}__{after}\n", masked), masked
    harmless = line.replace("§", b"openstack\0server\0list".hex())
    assert Masker(KEY).text(harmless.encode()).decode() == harmless


def test_a_learned_value_goes_from_a_command_line_in_hexadecimal_digits() -> None:
    masker = Masker(KEY)
    value = base64.b64encode(MIXED.encode()).decode()
    masker.learn([{"metadata": {"name": "osp-secret", "namespace": "openstack"}, "data": {"x": value}}])
    line = f"proctitle={f'login {MIXED}'.encode().hex().upper()}\n"
    assert re.fullmatch(r"proctitle=__hidden_\w{8}__\n", masker.text(line.encode()).decode())


def test_the_lines_of_a_key_as_putty_writes_it_go_and_no_others() -> None:
    lines = "AAAAgQCZk3x9QwLmT8rPq4vAAAAgQCZk3x9QwLmT8rPq4vAAAAgQCZk3x9QwLmT8\nrPq4vZk3x9QwLmT8rPq4v=\n"
    head = "PuTTY-User-Key-File-3: ssh-rsa\nComment: rsa-key\nPublic-Lines: 1\nAAAAB3NzaC1yc2EAAAADAQABAAABAQ==\n"
    text = f"{head}Private-Lines: 2\n{lines}Private-MAC: ab12\nand more\n"
    for plain in (text, f"a: |\n  {text.replace(chr(10), chr(10) + '  ')}", f'{{"a": "{text!r}"}}'.replace("'", "")):
        masked = Masker(KEY).text(plain.encode()).decode()
        assert len(MARK.findall(masked)) == 2
        assert MARK.sub("", masked) == re.sub("|".join(map(re.escape, lines.split())), "", plain)


ARGUMENTS = [
    "args:\n- --os-password\n- §\n- --debug\n",
    'args:\n- "--os-password"\n- "§"\n',
    "Running ['openstack', '--os-password', '§', 'server', 'list'] now\n",
    "args: [--os-password, §, --debug]\n",
    "openstack --os-password § server list\n",
]


@pytest.mark.parametrize("text", ARGUMENTS)
def test_an_argument_that_begins_with_dashes_is_a_value_and_an_option_is_not(text: str) -> None:
    for value in ("--FrjwZk3x9QwLmT8r", "-9QwLmT8rZk3x", "--Zk3_x9QwLmT8r"):
        masked = Masker(KEY).text(text.replace("§", value).encode()).decode()
        assert MARK.search(masked)
        assert value.strip("-") not in masked
    for option in ("--debug", "-v", "--no-color", "--os-region=one"):
        assert not MARK.search(Masker(KEY).text(text.replace("§", option).encode()).decode())


def test_a_password_in_the_next_line_is_no_login_of_a_url() -> None:
    masked = Masker(KEY).text(b"[san]\nsan_password =\n    6:llaM@v*gUbGl$4\nsan_ip = 10.0.0.3\n").decode()
    assert re.fullmatch(r"\[san\]\nsan_password =\n    __hidden_\w{8}__\nsan_ip = 10.0.0.3\n", masked)


@pytest.mark.parametrize("password", ["/8QjtERKg6x/dBuxpBcC=", "//8Qjt/ERKg6xdBux", "6/ft32awwSgh7FsD/P/+l19e4u1DT=="])
def test_a_password_in_a_url_may_begin_with_a_slash_or_like_a_port(password: str) -> None:
    for before, after in (("https://svc:", "@10.0.0.7/v3"), ("url = rabbit://u:", "@h1:5671/"), ("redis://:", "@h/0")):
        masked = Masker(KEY).text(f"{before}{password}{after}\n".encode()).decode()
        assert re.fullmatch(f"{re.escape(before)}__hidden_[A-Z2-7]{{8}}__{re.escape(after)}\n", masked)


def test_a_login_in_base64_goes_behind_an_escaped_blank() -> None:
    login = base64.b64encode(f"admin:{MIXED}".encode()).decode()
    line = f"http-request set-header X-Login Basic\\ {login}\n"
    assert re.fullmatch(
        r"http-request set-header X-Login Basic\\ __hidden_\w{8}__\n", Masker(KEY).text(line.encode()).decode()
    )


def test_under_a_name_that_ends_otherwise_than_a_urls_the_whole_value_goes() -> None:
    line = "auth_secret_urls = https://hooks.example.com/services/T0/B0/Zk3x9QwLmT8r\n"
    assert re.fullmatch(r"auth_secret_urls = __hidden_\w{8}__\n", Masker(KEY).text(line.encode()).decode())


def test_the_head_of_a_table_ends_the_one_before_it() -> None:
    heads = "id,name,password\n" * 20_000
    masked = Masker(KEY).text(f"{heads}1,nova,{MIXED}\n".encode()).decode()
    assert masked.startswith(heads)
    assert MIXED not in masked


@pytest.mark.parametrize("text", BLOCKS)
def test_a_value_in_the_lines_below_goes(text: str) -> None:
    for plain, masked in hidden(text, *ANY):
        assert MIXED not in masked
        assert PWGEN not in masked
        assert MARK.search(masked)
        assert masked.count("\n") == plain.count("\n")


@pytest.mark.parametrize("text", BLOCKS)
def test_a_value_in_another_line_goes_wherever_the_text_was_cut(text: str) -> None:
    masker, data = Masker(KEY), text.replace("§", MIXED).encode()
    whole = masker.text(data)
    for cut in range(len(data)):
        stream = masker.stream()
        assert stream.feed(data[:cut]) + stream.feed(data[cut:]) + stream.finish() == whole
    stream = masker.stream()
    assert b"".join(stream.feed(data[at : at + 1]) for at in range(len(data))) + stream.finish() == whole


def test_a_number_of_json_in_another_line_becomes_a_text() -> None:
    for text in (
        '{\n "name": "password",\n "value": 12345678\n}\n',
        '{\n "value": 12345678,\n "name": "password"\n}\n',
    ):
        masked = json.loads(Masker(KEY).text(text.encode()))
        assert MARK.fullmatch(masked["value"])
        assert masked["name"] == "password"


HARMLESS = [
    "| ID | Name | Token Type |\n| 1 | fernet | x |",
    "id,token_type,name\n1,fernet,two words",
    "passwords: {nova: osp-secret, glance: osp-secret}",
    "name | password\nwe spoke | about it",
    "we list users, tokens\n10:00:00,Zk3x9QwLmT8rPq4v",
    " cookie=0x5e7a1f0c, duration=12.5s, table=0, n_packets=0, actions=resubmit(,1)",
    "      OS_PASSWORD:  <set to the key 'password' in secret 'osp-secret'>  Optional: false",
    'MountVolume.SetUp failed for volume "config" : secret "nova-config-data" not found',
    "couldn't find key AdminPassword in Secret openstack/osp-secret",
    "references non-existent secret key: FernetKeys0",
    "the password for nova is required",
    "password is incorrect",
    "reset the password for user 5b0cf3a1-92a5-4f5b-9a55-2f4c6de3a6a0",
    "  - -progress",
    "git+ssh://host:/path/to/repo@v1",
    "metadataSecret: MetadataSecret",
    "clientSecret: $oidc.keycloak.clientSecret",
    "keystone auth | done",
    "    key: AdminPassword",
    "Tokens:              keystone-token-abcde",
    "password_lifetime: 90d",
    "paste.filter_factory = cinder.api.middleware.auth:NoAuthMiddleware.factory",
    "paste.filter_factory = keystonemiddleware.auth_token:filter_factory",
    "password=self.password",
    "the token expired and was renewed",
    "user variables @sys.<name of variable>",
    "secret: keystone-config-data-x8k2p",
    'neutron.wsgi [-] 10.0.0.1 "GET /v2.0/ports?device_id=5b0cf3a1-92a5-4f5b-9a55-2f4c6de3a6a0 HTTP/1.1" status: 200',
    "sha256:0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0",
    '"apiserver.latency.k8s.io/authorization":"136.952µs","apiserver.latency.k8s.io/etcd":"6.203208ms"',
    '"apiserver.latency.k8s.io/authorization":"1.021029285s"',
    "authorization: 1m2.5s",
    "- op: replace\n  path: /spec/passwordSecret/name\n  value: osp-secret",
    "volumes: [{path: /etc/nova, value: x}]",
    "chpasswd:\n  expire: false\n  list: |\nruncmd:\n- https://example.com/x",
    "EnvVar{Name:DB_HOST,Value:galera.openstack.svc,ValueFrom:nil,}",
    "parser.set('section', 'name', 'value')",
    'type=SYSCALL msg=audit(1:2): arch=c000003e syscall=59 success=yes a0=55d0c8a0 a1=55d0c8b0 a2=55d0c8c0 comm="ls"',
    "username admin password is",
    "ssh-keygen -q -t rsa -N '' -f /etc/ssh/key",
    "2026-11-30 08:00:00.000 1 DEBUG oslo_service.service [-] san_password                   = **** log_opt_values",
    "use your password to log in",
    "a password is needed for nova: reset it",
    "smbclient -L server%2f",
    "%22name%22%3A%22nova%22",
    "Private-Lines: 8\nno lines here",
    "- name: A\n  value: Zk3x9QwLmT8rPq4v\n- name: DB_PASSWORD\n  valueFrom: x",
    '{\n  "value": "Zk3x9QwLmT8rPq4v"\n},\n{\n  "name": "DB_PASSWORD"\n}',
    "- value: Zk3x9QwLmT8rPq4v\nname: DB_PASSWORD",
    "- value: one-name\n  name: DB_HOST",
]


@pytest.mark.parametrize("line", HARMLESS)
def test_what_names_a_secret_stays(line: str) -> None:
    assert Masker(KEY).text(f"{line}\n".encode()).decode() == f"{line}\n"


@pytest.mark.parametrize("line", [*DIRECTIVES, *COMMANDS, *STRUCTURES, *PROSE, *TOKENS])
def test_the_sieve_names_the_rule_that_finds_something(line: str) -> None:
    """A rule that would find something in a line that the sieve doesn't name to it would never be asked."""
    text = line.replace("§", MIXED)
    named = set(SIEVE.which(text.encode()))
    finds = {number for number, rule in enumerate(RULES) if any(start < end for start, end in rule.find(text, []))}
    assert finds <= named, [RULES[number].looks for number in finds - named]
