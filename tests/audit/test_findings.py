"""Every place of a planted secret is found where it was left, and nothing is found where it was hidden."""

import base64
import gzip
import json
import random
import time
from urllib.parse import quote

import pytest

from omg.audit.search import TextSearch
from omg.audit.values import MANY, LearnedValues
from tests.masking.planting import BY_KEY, BY_SHAPE, Case, cases

PLACEHOLDER = "__hidden_K7Q2M4XR__"


PLACES = (
    "chap_password=%s",
    "[DEFAULT]\niscsi_chap_password = %s",
    "auth_password: %s",
    "ipmi_password=%s",
    "ipmitool -I lanplus -H h -U admin -P %s power status",
    "ipmitool -U admin -P%s sel",
    "redfish_password: %s",
    "snmpwalk -v2c -c %s host",
    "rocommunity %s default",
    "com2sec readonly default %s",
    "snmp_community: %s",
    "bmc:\n  credentialsName: x\n  password: %s",
    "curl -u admin:%s http://x",
    "curl --user admin:%s http://x",
    "wget --password=%s http://x",
    "sshpass -p %s ssh x",
    "sshpass -p'%s' ssh",
    "mysql -u root --password=%s nova",
    "mysql -uroot -p%s",
    "MYSQL_PWD=%s mysql",
    "psql postgresql://u:%s@h/db",
    "PGPASSWORD=%s",
    "redis-cli -a %s ping",
    "rabbitmqctl add_user nova %s",
    "rabbitmqctl change_password nova %s",
    "default_pass = %s",
    'requirepass "%s"',
    "masterauth %s",
    "sentinel auth-pass mymaster %s",
    '<add key="Password" value="%s"/>',
    "<password>\n  %s\n</password>",
    "GRANT ALL ON *.* TO 'a'@'%' IDENTIFIED BY \"%s\"",
    "SET PASSWORD FOR a = PASSWORD('%s')",
    "CREATE USER a WITH PASSWORD '%s'",
    "ALTER USER a PASSWORD '%s'",
    "oc login -u admin -p %s",
    "oc login --token=%s",
    "podman login -u x -p %s quay.io",
    "openssl pkcs12 -passin pass:%s -in x",
    "keytool -storepass %s",
    "transport_url=rabbit://u:%s@h1:5672,u:%s@h2:5672/",
    "connection = mysql+pymysql://nova:%s@db/nova",
    "swift://user:%s@/x",
    "ldap_bind_password=%s",
    "bindpw %s",
    "password: !!str %s",
    "password: >-\n  %s\n",
    '"password" : "%s"',
    "'password': u'%s'",
    '{\\"adminPass\\": \\"%s\\"}',
    "adminPass: %s",
    '{"auth": {"identity": {"password": {"user": {"name": "admin", "password": "%s"}}}}}',
    "secret_key: %s",
    "aws_secret_access_key = %s",
    "AWS_SECRET_ACCESS_KEY=%s",
    "SecretAccessKey: %s",
    '"secret": "%s"',
    "client_secret=%s&grant_type=x",
    "access_token=%s",
    "X-Auth-Token: %s",
    "x-subject-token: %s",
    "-H 'X-Auth-Token: %s'",
    '"X-Auth-Token": "%s"',
    "Cookie: session=%s",
    "cookie: %s",
    "erlang_cookie = %s",
    "RABBITMQ_ERLANG_COOKIE=%s",
    "hash_path_suffix = %s",
    "swift_hash_path_prefix=%s",
    "metadata_proxy_shared_secret=%s",
    "memcache_secret_key=%s",
    "heat_auth_encryption_key=%s",
    "BarbicanSimpleCryptoKEK: %s",
    "kek = %s",
    "server_certs_key_passphrase = %s",
    "ca_private_key_passphrase=%s",
    "heartbeat_key=%s",
    "telemetry_secret=%s",
    "vnc_password %s",
    "VncPassword=%s",
    "graphics passwd=%s",
    "<graphics type='vnc' passwd='%s'/>",
    "userlist x\n user admin insecure-password %s",
    "user admin password %s",
    "http_proxy=http://u:%s@proxy:3128",
    "_authToken=%s",
    "//registry/:_password=%s",
    'key "rndc" { secret "%s"; };',
    'secret "%s";',
    'psk="%s"',
    "wpa_passphrase=%s",
    'PSK "%s"',
    'password "%s"',
    "enable secret 5 %s",
    "OS_PASSWORD=%s",
    "export OS_TOKEN=%s",
    "-e MYSQL_ROOT_PASSWORD=%s",
    "env: DB_PASS=%s",
    "token: %s",
    "bearer_token: %s",
    "sas_token=sv=%s",
    "AccountKey=%s;",
    "SharedAccessKey=%s",
    "private_key_password: %s",
    "sslpassword=%s",
    "trust_id_secret: %s",
    "dsn: user:%s@tcp(h:3306)/db",
    "user:%s@tcp(h)",
    "san_password = %s",
    "san_login=x san_password=%s",
    "netapp_password=%s",
    "hitachi_rest_password: %s",
    "unity_pass=%s",
    "pure_api_token = %s",
    "vmware_host_password=%s",
    "rbd_secret_key %s",
    "--password %s",
    "--os-auth-token %s",
    "ldapsearch -D cn=x -w %s -H ldap",
    "echo %s | passwd --stdin root",
    'echo "root:%s" | chpasswd',
    "ansible_ssh_pass: %s",
    "ansible_become_password: %s",
    'ansible_password: "%s"',
    "becomePass: %s",
    'data: {\\"data\\":{\\"hieradata\\":\\"S3E3bVoydlh3OUxw\\"}}',
    "items:\n- data:\n    one: eA==\n    hieradata: S3E3bVoydlh3OUxw\n",
)
"""Where a password stands in commands, configuration, statements and bodies of requests; %s is the password."""


def found(text: str | bytes, *values: bytes, chunk: int = 1 << 20, only_values: bool = False) -> list[tuple[int, str]]:
    """Lines and kinds of what an audit finds in a text."""
    raw = text.encode() if isinstance(text, str) else text
    told: list[tuple[int, str]] = []
    search = TextSearch(LearnedValues(values), lambda line, kind: told.append((line, kind)), only_values=only_values)
    for at in range(0, len(raw), chunk):
        search.feed(raw[at : at + chunk])
    search.finish()
    return told


def by_net(*nets: int) -> list[Case]:
    return [case for case in cases(7) if case.net in nets]


def test_of_very_many_values_each_is_found() -> None:
    chance = random.Random(3)
    values = [base64.b64encode(chance.randbytes(12)) for _ in range(MANY // 4 + 20)]  # four forms of each
    shown = [values[0], values[MANY // 4 - 1], values[MANY // 4], values[-1]]
    text = b"".join(b"saw %s\n" % one for one in (*shown, base64.b64encode(b"a" + shown[3])))
    kinds = ["learned value"] * 4 + ["learned value in base64"]
    assert found(text, *values) == list(enumerate(kinds, start=1))


@pytest.mark.parametrize("place", [*BY_KEY, *BY_SHAPE])
def test_what_has_a_key_or_a_shape_is_found(place: str) -> None:
    missed = [case.text for case in by_net(1, 2) if case.place == place and not found(case.text)]
    assert missed == []


@pytest.mark.parametrize("place", [*BY_KEY, *BY_SHAPE])
def test_what_is_hidden_is_not_found(place: str) -> None:
    hidden = [case.text.replace(case.secret, PLACEHOLDER) for case in by_net(1, 2) if case.place == place]
    assert [text for text in hidden if found(text)] == []


def test_learned_values_are_found_in_every_form() -> None:
    chance = random.Random(5)
    for _ in range(50):
        value = "".join(chance.choices("abcdefXYZ0123456789+/=&\"'\\%$ é", k=chance.randint(10, 40))) + "Zq9"
        raw = value.encode()
        forms = {
            "raw": value,
            "json": json.dumps({"a": value}),
            "utf-8 json": json.dumps({"a": value}, ensure_ascii=False),
            "url": "x=" + quote(value, safe=""),
            "sql": value.replace("'", "''"),
            **{f"base64 {n}": base64.b64encode(b"\0" * n + raw + b"tail").decode() for n in range(3)},
            "url-safe base64": base64.urlsafe_b64encode(b"x" + raw).decode(),
            "gzip in base64": base64.b64encode(gzip.compress(b"some text before " + raw)).decode(),
            "base64 in base64": base64.b64encode(
                base64.b64encode(b"a text before it: " + raw + b" and behind")
            ).decode(),
        }
        for form, text in forms.items():
            kinds = [kind for _line, kind in found(f"one\ntwo {text} three\n", raw)]
            assert any("learned value" in kind for kind in kinds), (form, value)


@pytest.mark.parametrize("chunk", [1, 7, 64, 1000])
def test_where_the_text_was_cut_changes_nothing(chunk: int) -> None:
    text = "\n".join(case.text for case in cases(3)) * 3
    values = [case.secret.encode() for case in by_net(3)]
    if chunk < 64:
        text = text[:20_000]
    assert found(text, *values, chunk=chunk) == found(text, *values)


def test_a_long_line_is_searched_to_its_end_and_keeps_its_number() -> None:
    text = "first\n" + "x " * 400_000 + "password = Kq7mZ2vXw9\nlast\n"
    assert found(text, chunk=1 << 16) == [(2, "value of a key such as password")]


def test_a_long_run_of_base64_is_decoded_as_one_whatever_its_blocks() -> None:
    chance = random.Random(1)
    body = gzip.compress(chance.randbytes(300_000) + b"\nadmin_password = Kq7mZ2vXw9\n" + chance.randbytes(1000))
    text = b"release: " + base64.b64encode(base64.b64encode(body)) + b"\n"
    assert found(text, chunk=1 << 14) == [(1, "value of a key such as password, in gzip in base64, in base64")]


@pytest.mark.parametrize(
    "text",
    [
        "secretName: cert-nova-internal-svc",
        "  secret: osp-secret",
        "passwordSelectors:\n  service: NovaPassword\n  database: NovaDatabasePassword",
        "    passwordSelector:\n      password: HeatPassword",
        "secretKeyRef:\n  key: TransportURL\n  name: rabbitmq-transport-url-nova",
        "tokenExpirationSeconds: 3607",
        "passwords_file: /etc/swift/passwords",
        "password: ${DB_PASSWORD}",
        "password = %(db_password)s",
        "password: '{{ db_password }}'",
        "password=$(cat /run/secrets/password)",
        "if not self.password: raise PasswordRequired()",
        "password = get_password(user)",
        "password=self.conf.password",
        "def login(user, password=None, token: str = '')",
        "The password must be changed. Token expired: login again",
        "Invalid password for user admin",
        "    password:\n      description: Password of the user\n      type: string\n",
        "image: quay.io/openstack/nova@sha256:4d9f6d4bf4b2a5b9cf1d0d7a0df60f7f8d9b4a9f2f6a5d3b1a0c9e8f7d6c5b4a",
        "imageID: docker://registry.io:5000/a/b@sha256:aa11bb22cc33dd44ee55ff6600112233445566778899aabbccddeeff00112233",
        "uid: 0f8d2c5e-7a1b-4c3d-9e8f-1a2b3c4d5e6f",
        "ca: " + base64.b64encode(b"-----BEGIN CERTIFICATE-----\nMIIBczCC\n-----END CERTIFICATE-----\n").decode(),
        "-----BEGIN CERTIFICATE-----\nMIIBczCCARigAwIBAgIUO5Olvw==\n-----END CERTIFICATE-----",
        "-----BEGIN PRIVATE KEY-----\n__hidden_K7Q2M4XR__\n-----END PRIVATE KEY-----",
        "http://nova-internal.openstack.svc:8774/v2.1 and mail to support@example.com",
        "git@github.com:openstack/nova.git",
        "auth_url = https://keystone-public.apps.example.com",
        "auth: keystone",
        "authorization: rbac",
        "www_authenticate_uri=https://keystone.example.com/v3",
        "token_endpoint: https://sso.example.com/token",
        "kubernetes.io/service-account-token",
        "serviceAccountToken:\n  expirationSeconds: 3607\n  path: token",
        "key: tls.key",
        "mountPath: /etc/pki/tls/private/nova.key\nname: nova-internal-svc-tls-certs",
        "cipher: AES-256-GCM key_size: 256",
        "SSH key fingerprint SHA256:Kq7mZ2vXw9abcdEFGHijklMNOPqrstUVWXyz012345",
        "  Password: <set to the key 'AdminPassword' in secret 'osp-secret'>  Optional: false",
        "NOVA_PASSWORD:  <set to the key 'NovaPassword' in secret 'osp-secret'>",
        "osSecretRef: barbican://localhost/v1/secrets/0f8d2c5e-7a1b-4c3d-9e8f-1a2b3c4d5e6f",
    ],
)  # fmt: skip
def test_references_prose_code_and_digests_are_no_findings(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("- name: DB_PASSWORD\n  value: Kq7mZ2vXw9\n", 1),
        ('{"name": "DB_PASSWORD", "value": "Kq7mZ2vXw9"}', 1),
        ("args:\n- --os-password\n- Kq7mZ2vXw9\n", 2),
        ('["openstack", "--os-password", "Kq7mZ2vXw9"]', 1),
        ("requirepass Kq7mZ2vXw9\n", 1),
        ("password: |\n  Kq7mZ2vXw9\n", 1),
        ("api_key:\n- Kq7mZ2vXw9\n", 1),
        ("passwords =\n  nova=a\n  Kq7mZ2vXw9\n", 1),
        ("passwords:\n  nova: !!str\n    Kq7mZ2vXw9\n", 1),
        ("| admin_password | Kq7mZ2vXw9 |\n", 1),
        ("PasswordOld: Kq7mZ2vXw9", 1),
        ("AdminPassword2=Kq7mZ2vXw9", 1),
        ("x=%7B%22password%22%3A%22Kq7mZ2vXw9%22%7D", 1),
        ("{\\u0022password\\u0022: \\u0022Kq7mZ2vXw9\\u0022}", 1),
        ("&lt;password&gt; password=&quot;Kq7mZ2vXw9&quot;", 1),
        ("rabbit://u:__hidden_K7Q2M4XR__@h1:5671,u:Kq7mZ2vXw9@h2:5671/", 1),
        ("redis://:p@ss:w%2Frd@redis:6379/0", 1),
        ("mysql://nova:pa/ss?w#rd@host/nova", 1),
        ("apiVersion: v1\ndata:\n  hieradata: S3E3bVoydlh3OUxw\nkind: Secret\n", 2),
        ('{"auths": {"quay.io": {"auth": "' + base64.b64encode(b"user:Kq7mZ2vXw9").decode() + '"}}}', 1),
        ("-----BEGIN RSA PRIVATE KEY-----\\nMIIEowIBAAKCAQEA0Z3VS5JJcds3xfn\\n-----END", 1),
        ("a\nkey: " + base64.b64encode(b"-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9\n").decode() + "\n", 2),
        ("rocommunity Kq7mZ2vXw9\n\ncommunity: Kq7mZ2vXw9", 3),
        ("\tkey = AQBSdFhcNyMZLRAAXtQZ4kSKXwVO5Sp0Bc3mHQ==\n", 1),
        ("Authorization: Bearer sha256~Kq7mZ2vXw9abcdEFGHijklMNOPqrstUVWXyz0123456", 1),
    ],
)  # fmt: skip
def test_what_was_left_is_found_on_its_line(text: str, line: int) -> None:
    assert line in {one for one, _kind in found(text)}


@pytest.mark.parametrize("place", PLACES)
def test_a_password_is_found_in_its_place_and_not_where_it_is_hidden(place: str) -> None:
    assert found(place.replace("%s", "Kq7mZ2vXw9") + "\n") != []
    if "%s" in place:
        assert found(place.replace("%s", PLACEHOLDER) + "\n") == []


@pytest.mark.parametrize("width", [64, 76])
@pytest.mark.parametrize("newline", ["\n", "\n    ", "\\n"])
def test_wrapped_base64_is_decoded_as_one(width: int, newline: str) -> None:
    chance = random.Random(2)
    body = "".join(chance.choices("abcdefgh \n", k=2000)) + "\nadmin_password = Kq7mZ2vXw9\n"
    for encoded in (base64.b64encode(body.encode()), base64.b64encode(gzip.compress(body.encode()))):
        lines = [encoded.decode()[at : at + width] for at in range(0, len(encoded), width)]
        assert {line for line, _kind in found("x: |\n    " + newline.join(lines) + "\nend\n")} == {2}


def test_lines_that_are_base64_each_for_itself_are_decoded_one_by_one() -> None:
    chance = random.Random(2)
    first = base64.b64encode(b"admin_password = Kq7mZ2vXw9, and more text, all of it text")[:64].decode()
    assert found(f"{first}\n{base64.b64encode(chance.randbytes(48)).decode()}\n") != []


@pytest.mark.parametrize(
    "text",
    [
        "data:\n  ca.crt: " + base64.b64encode(b"nova-internal.openstack.svc").decode() + "\nkind: Secret\n",
        "data:\n  a.yaml: |\n    text\n  b: bm92YS1jb25maWctZGF0YQ==\n",
        '{"data": {"user": "bm92YS11c2Vy", "url": "aHR0cHM6Ly9ub3ZhLm9wZW5zdGFjay5zdmM=", "x": ""}}',
        '{"data": {"AdminPassword": "' + base64.b64encode(PLACEHOLDER.encode()).decode() + '"}}',
        "auth: " + base64.b64encode(f"user:{PLACEHOLDER}".encode()).decode(),
        "password: eA==  # short",
        "http://host:notaport/path without userinfo, mail a@b.c",
        "GET http://proxy:abc/x/y z",
        "curl -u user:$PASSWORD http://x; mysql -u root -p$PW nova; login -p 8080",
        "Authorization: required; Bearer authentication is used; Basic access",
        "$1$short $6$x",
    ],
)
def test_what_stands_in_data_and_is_no_secret_is_no_finding(text: str) -> None:
    assert found(text) == []


def test_in_sos_reports_only_values_and_private_keys_count() -> None:
    text = "password = Kq7mZ2vXw9\n"
    assert found(text, only_values=True) == []
    assert found(text, b"Kq7mZ2vXw9", only_values=True) == [(1, "learned value")]


def test_no_kind_holds_a_value() -> None:
    for case in cases(11):
        assert all(case.secret not in kind for _line, kind in found(case.text, case.secret.encode()))


HOSTILE = [
    "password",
    "://a:",
    "://a:b",
    "a@b:",
    "'",
    '"\\',
    "eyJ",
    "secret=",
    "-----BEGIN ",
    "%3D",
    "\\u003",
    "A",
    "=",
    "://u:p,",
]
HOSTILE += [
    "\ndata:\n  ",
    "password: |",
    "identified by ",
    "Authorization: ",
    "curl ",
    "mysql -p",
    "auth auth=",
    ":\\/\\/",
    'stringData":{',
    "\nstringData:\n  ",
    "('password', ",
    "tokens:\n- ",
    "password</name><value>",
    "htpasswd -b ",
    "createUser ",
    "password =\n ",
    "pass ",
    "key-",
    "name: password    a:    b",
    "name: password, a: b  ",
    '"name": "password", "a": "b",    ',
    "/auth/tokens HTTP/1.1 ",
]


def test_a_name_without_its_value_does_not_try_every_way_to_share_out_blanks() -> None:
    host = (
        "      name: compute-{}-bmc-secret\n      namespace: openshift-machine-api\n  hardware:\n    cpu:\n"
        "      arch: x86_64\n      count: 64\n    hostname: compute-{}\n    ramMebibytes: 262144\n"
        "  operationalStatus: OK\n  poweredOn: true\n"
    )
    text = "".join(host.format(number, number) for number in range(100))
    began = time.process_time()
    found(text)
    assert time.process_time() - began < 1


@pytest.mark.parametrize(
    ("line", "is_found"),
    [
        ('"POST /v3/auth/tokens HTTP/1.1" 201 7 "-" "keystoneauth1/5.6"', False),
        ("password http/Xq7Kd93mZw4T", True),
        ("password htt/Xq7Kd93mZw4T", True),
        ("password https/Xq7Kd93mZw4T", True),
        ("password abcd/Xq7Kd93mZw4T", True),
        ("password ab/Xq7Kd93mZw4T", True),
        ("password HTTQ/Xq7Kd93mZw4T", True),
    ],
)
def test_only_the_protocol_s_name_is_no_value_behind_a_word(line: str, is_found: bool) -> None:
    assert bool(found(line + "\nmore\n")) is is_found


@pytest.mark.parametrize("piece", HOSTILE)
def test_no_hostile_line_makes_the_search_quadratic(piece: str) -> None:
    def seconds(size: int) -> float:
        text = (piece * (size // len(piece)))[:size]
        began = time.process_time()
        found(text, b"Kq7mZ2vXw9", chunk=1 << 18)
        return time.process_time() - began

    assert seconds(1_000_000) < 10 * seconds(250_000) + 0.5, "four times the text took more than ten times as long"


def test_documentation_of_sql_in_a_dump_is_no_finding() -> None:
    topic = (
        "INSERT INTO `help_topic` VALUES (110,5,'CREATE USER',"
        "'...by changing the olcRootPW directive.\\n Password expiration."
        "\\n\\nSET old_passwords=0;\\nSELECT PASSWORD(''__hidden_7JAVREX4__'');\\n','','');\n"
    )
    assert found(topic) == []
    times = '{"password_last_changed":1795012345,"passwordChangedAt":"2026-11-28T21:00:00Z"}\n'
    assert found(times) == []


@pytest.mark.parametrize(
    "text",
    [
        "Secret/libvirt-secret restore=true order=05\n",
        "password: IfNotPresent\n",
        "- name: A\n  value: metallb-operator.v4.18.0\n- name: PROXY_PASSWORD\n  value: __hidden_QOM6Q22Z__\n",
        "credential\n    imagePullPolicy: IfNotPresent\n",
        "name: octavia-ca-passphrase\ndata:\n  server-ca-passphrase: X19oaWRkZW5fTVZMV0pKRkxfXw==\n",
        "chpasswd:\n  expire: false\n      SETTINGS_8:   uri ldap://a.example.com\n      binddn cn=reader,dc=example\n",
    ],
)
def test_names_switches_and_marks_beside_a_key_are_no_findings(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize("value", ["1PxoVIo}Ng+J", "ca6cH'8IplD\"djWnB\\wLLFc"])
def test_texts_of_a_secret_in_json_are_found_whatever_signs_they_have(value: str) -> None:
    copied = json.dumps({"kind": "Secret", "data": {"tls.key": PLACEHOLDER}, "stringData": {"b": value}})
    assert found(copied)
    assert found(json.dumps({"one.json": copied}))


def test_a_phrase_in_the_data_of_a_secret_is_found() -> None:
    encoded = base64.b64encode(b"coralacorn slatevelvet glacierreed herontulip").decode()
    assert found(json.dumps({"kind": "Secret", "data": {"a": encoded}}))
    assert found(f"kind: Secret\ndata:\n  a: {encoded}\n")
