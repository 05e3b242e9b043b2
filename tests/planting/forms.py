"""The ways in which a secret stands in a text: each a line of a table, with the net that must catch it.

`§` is the secret, spelled as the notation wants it. The texts are what services, tools and people write; keys are those
of OpenStack, Kubernetes and what stands around them.
"""

from collections.abc import Callable
from dataclasses import dataclass

from tests.planting import spelling as s
from tests.planting import values as v

MARK = "§"


@dataclass(frozen=True)
class Form:
    """One way: the net that catches it, a text with MARK in it, how a value is spelled there, which values go there."""

    net: int
    name: str
    text: str
    spelled: s.Spell = s.raw
    kinds: tuple[v.Draw, ...] = v.SIGNED

    def filled(self, value: str) -> str:
        return self.text.replace(MARK, self.spelled(value))


Row = tuple[str, str] | tuple[str, str, s.Spell] | tuple[str, str, s.Spell, tuple[v.Draw, ...]]


def _forms(net: int, kinds: tuple[v.Draw, ...], rows: list[Row]) -> list[Form]:
    found = []
    for name, text, *more in rows:
        spell: Callable[[str], str] = more[0] if more else s.raw  # type: ignore[assignment]
        own: tuple[v.Draw, ...] = more[1] if len(more) > 1 else kinds  # type: ignore[assignment]
        found.append(Form(net, name, text, spell, own))
    return found


CONFIGURATION: list[Row] = [
    ("ini", "[keystone_authtoken]\nusername = nova\npassword = §\nregion_name = regionOne\n", s.raw, v.SPACED),
    ("ini without blanks", "[DEFAULT]\nadmin_password=§\ndebug=true\n", s.raw, v.SPACED),
    ("ini in a comment", "[DEFAULT]\n#rabbit_password = §\n"),
    ("ini, the value in the next line", "[san]\nsan_password =\n    §\nsan_ip = 10.0.0.3\n", s.raw, v.SPACED),
    ("ini, several values in lines", "[crypto]\nfernet_keys = \n  §\n  §\nhash = sha256\n", s.raw, v.PLAIN),
    ("ini, colon", "[db]\ndb_password: §\nhost: db\n"),
    ("java properties", "spring.datasource.password=§\nspring.datasource.username=app\n", s.raw, v.PLAIN),
    ("toml", '[auth]\nclient_secret = "§"\nclient_id = "omg"\n', s.in_json, v.ANY),
    ("hcl", 'provider "openstack" {\n  password = "§"\n  region = "one"\n}\n', s.in_json, v.ANY),
    ("my.cnf", "[client]\nuser=root\npassword=§\nsocket=/var/lib/mysql/mysql.sock\n", s.raw, v.PLAIN),
    ("galera", "[galera]\nwsrep_sst_auth=root:§\nwsrep_on=ON\n", s.raw, v.PLAIN),
    ("redis", "bind 0.0.0.0\nrequirepass §\nport 6379\n"),
    ("redis primary", "masterauth §\nport 6379\n"),
    ("rabbitmq.conf", "default_user = guest-user\ndefault_pass = §\n"),
    ("erlang terms", '[{rabbit, [{default_user, <<"svc">>}, {default_pass, <<"§">>}]}].\n', s.raw, v.PLAIN),
    ("netrc", "machine git.example.com login builder password §\n", s.raw, v.PLAIN),
    ("bind key", 'key "rndc-key" {\n  algorithm hmac-sha256;\n  secret "§";\n};\n', s.raw, (v.base64_text,)),
    ("ldap.conf", "uri ldap://ldap.example.com\nbinddn cn=reader,dc=example\nbindpw §\n", s.raw, v.PLAIN),
    ("ldif", "dn: olcDatabase={1}mdb,cn=config\nolcRootPW: §\n", s.raw, v.PLAIN),
    ("ceph.conf", '[client.openstack]\n\tkey = §\n\tcaps mon = "profile rbd"\n', s.raw, (v.ceph_key,)),
    ("iscsi chap", "node.session.auth.username = init\nnode.session.auth.password = §\n", s.raw, v.PLAIN),
    (
        "ansible inventory",
        "host1 ansible_host=10.0.0.9 ansible_user=root ansible_ssh_pass=§ ansible_port=22\n",
        s.raw,
        v.PLAIN,
    ),
    ("ansible variables", "ansible_become_password: '§'\nansible_become: true\n", s.in_single_quotes, v.ANY),
    ("systemd", '[Service]\nEnvironment="OS_PASSWORD=§" "OS_USERNAME=a"\nExecStart=/bin/x\n', s.raw, v.PLAIN),
    ("kickstart", "rootpw --plaintext §\ntimezone UTC\n", s.raw, v.PLAIN),
    ("fencing", "pcs stonith create f1 fence_ipmilan ip=10.0.0.9 username=root passwd=§ lanplus=1\n", s.raw, v.PLAIN),
    ("snmp user", 'createUser monitor SHA "§" AES\n', s.raw, v.PLAIN),
    ("haproxy statistics", "listen stats\n  bind :1993\n  stats auth admin:§\n", s.raw, v.PLAIN),
    ("haproxy user list", "userlist admins\n  user admin insecure-password §\n", s.raw, v.PLAIN),
    ("apache environment", "SetEnv OS_PASSWORD §\nSetEnv OS_USERNAME nova\n", s.raw, v.PLAIN),
    ("apache ldap", 'AuthLDAPBindDN "cn=x"\nAuthLDAPBindPassword "§"\n', s.in_json, v.SPACED),
    ("apache oidc", "OIDCClientID keystone\nOIDCClientSecret §\nOIDCCryptoPassphrase §\n", s.raw, v.PLAIN),
    ("django", "SECRET_KEY = '§'\nDEBUG = False\n", s.in_python, v.ANY),
    ("prometheus", "scrape_configs:\n- job_name: x\n  basic_auth:\n    username: a\n    password: §\n", s.raw, v.PLAIN),
    ("alertmanager", 'global:\n  smtp_auth_username: a\n  smtp_auth_password: "§"\n', s.in_json, v.ANY),
    ("dockerfile", "ENV ADMIN_PASSWORD=§\nUSER nova\n", s.raw, v.PLAIN),
    (
        "cloud-init",
        "#cloud-config\nchpasswd:\n  expire: false\n  users:\n  - name: root\n    password: §\n",
        s.raw,
        v.PLAIN,
    ),
    ("swift", "[swift-hash]\nswift_hash_path_suffix = §\nswift_hash_path_prefix = §\n", s.raw, v.PLAIN),
    ("neutron metadata", "[DEFAULT]\nmetadata_proxy_shared_secret = §\n", s.raw, v.PLAIN),
    ("heat", "[DEFAULT]\nauth_encryption_key = §\n", s.raw, v.PLAIN),
    ("barbican", "[simple_crypto_plugin]\nkek = '§'\n", s.raw, (v.fernet_key,)),
    ("octavia", "[health_manager]\nheartbeat_key = §\nca_private_key_passphrase = §\n", s.raw, v.PLAIN),
    ("ironic node", "driver_info: {'ipmi_username': 'root', 'ipmi_password': '§'}\n", s.in_python, v.ANY),
    ("redfish", '{"redfish_address": "https://10.0.0.9", "redfish_password": "§"}\n', s.in_json, v.ANY),
]

YAML: list[Row] = [
    ("yaml", "auth:\n  username: admin\n  adminPassword: §\n  region: one\n", s.raw, v.PLAIN),
    ("yaml, double quotes", 'clouds:\n  default:\n    auth:\n      password: "§"\n', s.in_json, v.ANY),
    ("yaml, single quotes", "clouds:\n  default:\n    auth:\n      password: '§'\n", s.in_single_quotes, v.ANY),
    ("yaml, plain passphrase", "auth:\n  password: §\n  user: x\n", s.raw, (v.passphrase,)),
    ("yaml, literal block", "auth:\n  password: |\n    §\n  user: x\n", s.raw, v.ANY),
    ("yaml, folded block", "auth:\n  db_password: >-\n    §\n  user: x\n", s.raw, v.ANY),
    ("yaml, in a list", "- memcache_secret_key: §\n- other: 1\n", s.raw, v.PLAIN),
    ("yaml, list below the key", "api_tokens:\n- §\n- §\nport: 80\n", s.raw, v.PLAIN),
    ("yaml, flow", "auth: {username: admin, password: §, project: x}\n", s.raw, v.PLAIN),
    ("yaml, quoted key", '"admin-password": "§"\n', s.in_json, v.ANY),
    ("yaml, anchor", "password: &pw §\nother: *pw\n", s.raw, v.PLAIN),
    ("yaml, tag", 'password: !!str "§"\n', s.in_json, v.ANY),
    ("yaml with json", 'settings: "{\\"password\\": \\"§\\", \\"user\\": \\"a\\"}"\n', s.twice_in_json, v.ANY),
    ("yaml with ini", 'nova.conf: "[db]\\npassword = §\\nhost = x\\n"\n', s.in_json, v.PLAIN),
    ("yaml with an ini block", "customServiceConfig: |\n  [db]\n  password = §\n  host = x\n", s.raw, v.SPACED),
    ("yaml, name and value", "env:\n- name: DB_PASSWORD\n  value: §\n- name: HOST\n  value: db\n", s.raw, v.PLAIN),
    ("yaml, value in quotes by name", 'env:\n- name: DB_PASSWORD\n  value: "§"\n', s.in_json, v.ANY),
    (
        "yaml of a secret",
        "kind: Secret\napiVersion: v1\nmetadata:\n  name: x\nstringData:\n  note: §\n",
        s.raw,
        v.PLAIN,
    ),
    ("yaml of a secret, data", "apiVersion: v1\ndata:\n  note: §\nkind: Secret\n", s.in_base64, v.ANY),
    (
        "kubeconfig token",
        "users:\n- name: a\n  user:\n    token: §\n",
        s.raw,
        (v.web_token, v.openshift_token, v.url_safe),
    ),
]

JSON: list[Row] = [
    ("json", '{\n  "user": "nova",\n  "password": "§",\n  "n": 1\n}\n', s.in_json, v.ANY),
    ("json, compact", '{"user":"nova","api-key":"§","n":1}', s.in_json, v.ANY),
    ("json in a text", 'REQ body {\\"auth\\": {\\"password\\": \\"§\\", \\"a\\": 1}} sent', s.twice_in_json, v.ANY),
    ("json, list", '{"tokens": ["§", "§"], "port": 1}', s.in_json, v.PLAIN),
    ("json, name and value", '{"env":[{"name":"DB_PASSWORD","value":"§"},{"name":"A","value":"b"}]}', s.in_json, v.ANY),
    ("json, key and value", '[{"key": "admin_password", "value": "§"}]', s.in_json, v.ANY),
    (
        "json of a secret",
        '{"apiVersion":"v1","kind":"Secret","stringData":{"note":"§"},"metadata":{}}',
        s.in_json,
        v.ANY,
    ),
    ("json of a secret, data", '{"kind":"Secret","data":{"note":"§"},"metadata":{"name":"x"}}', s.in_base64, v.ANY),
    ("docker configuration", '{"auths":{"quay.io":{"auth":"§","email":"a@example.com"}}}', s.as_basic, v.ANY),
    ("docker password", '{"auths":{"quay.io":{"username":"a","password":"§"}}}', s.in_json, v.ANY),
    ("json, empty user", '{"adminPass": "§"}', s.in_json, v.ANY),
    ("keystone request", '{"auth":{"identity":{"password":{"user":{"name":"a","password":"§"}}}}}', s.in_json, v.ANY),
    ("application credential", '{"application_credential": {"id": "5d4c", "secret": "§"}}', s.in_json, v.SIGNED),
]

SHELL: list[Row] = [
    ("shell", "#!/bin/bash\nexport OS_PASSWORD=§\nexport OS_USERNAME=nova\n", s.in_shell, v.ANY),
    ("shell, double quotes", 'export OS_PASSWORD="§"\n', s.in_double_shell, v.ANY),
    ("shell, before a command", "OS_PASSWORD=§ openstack token issue\n", s.in_shell, v.ANY),
    ("declare", 'declare -x MYSQL_ROOT_PASSWORD="§"\n', s.in_double_shell, v.ANY),
    ("environment file", "MYSQL_PWD=§\nPGPASSWORD=§\n", s.raw, v.PLAIN),
    ("option", "openstack --os-username a --os-password § server list\n", s.in_shell, v.ANY),
    ("option with equals", "run --token=§ --debug\n", s.in_shell, v.ANY),
    ("option in double quotes", 'helm install --set adminPassword="§" x y\n', s.in_double_shell, v.SPACED),
    ("mysql", "mysqldump -u root -p§ nova > x.sql\n", s.in_shell, v.ANY),
    ("mysql, long", "mysql --user=root --password=§ -e 'show databases'\n", s.in_shell, v.ANY),
    ("curl", "curl -s -u admin:§ https://x.example.com/v3\n", s.raw, v.PLAIN),
    ("curl, long", "curl --user 'admin:§' https://x.example.com/v3\n", s.raw, v.SPACED),
    ("curl header", "curl -H 'X-Auth-Token: §' https://x.example.com/v3\n", s.raw, v.PLAIN),
    ("sshpass", "sshpass -p § ssh root@10.0.0.9 uptime\n", s.in_shell, v.ANY),
    ("ipmitool", "ipmitool -I lanplus -H 10.0.0.9 -U root -P § power status\n", s.in_shell, v.ANY),
    ("redis-cli", "redis-cli -h redis -a § ping\n", s.in_shell, v.SIGNED),
    ("ldapsearch", "ldapsearch -x -D cn=admin -w § -b dc=example\n", s.in_shell, v.SIGNED),
    ("openssl", "openssl rsa -in k.pem -passin pass:§ -out o.pem\n", s.raw, v.PLAIN),
    ("rabbitmqctl", "rabbitmqctl change_password nova §\n", s.in_shell, v.SIGNED),
    ("rabbitmqctl, new user", "rabbitmqctl add_user nova §\n", s.in_shell, v.SIGNED),
    (
        "keystone-manage",
        "keystone-manage bootstrap --bootstrap-password § --bootstrap-region-id one\n",
        s.in_shell,
        v.ANY,
    ),
    (
        "oc login",
        "oc login --token=§ --server=https://api.ocp.example.com:6443\n",
        s.raw,
        (v.openshift_token, v.web_token),
    ),
    ("htpasswd", "htpasswd -bB /etc/users admin §\n", s.in_shell, v.SIGNED),
    ("chpasswd", "echo root:§ | chpasswd\n", s.raw, v.PLAIN),
    ("psql", "psql 'host=db user=a password=§ dbname=x'\n", s.raw, v.PLAIN),
    ("argument list", "Running ['mysql', '-u', 'root', '--password=§', '-e', 'x'] now\n", s.in_python, v.SIGNED),
    ("arguments apart", "Running ['openstack', '--os-password', '§', 'x'] now\n", s.in_python, v.ANY),
]

WRITTEN: list[Row] = [
    ("python", "Options {'user': 'a', 'auth_token': '§', 'a': 1}\n", s.in_python, v.ANY),
    ("python, old", "Options {u'user': u'a', u'password': u'§'}\n", s.in_python, v.ANY),
    ("python, bytes", "Options {b'user': b'a', b'password': b'§'}\n", s.in_python, v.ANY),
    ("python, argument", "Client(user='a', password='§', region='one')\n", s.in_python, v.ANY),
    ("python, pairs", "[('user', 'a'), ('password', '§')]\n", s.in_python, v.ANY),
    ("xml", "<user><name>a</name><password>§</password></user>\n", s.in_xml, v.ANY),
    ("xml, attribute", '<login user="a" password=§/>\n', s.in_attribute, v.ANY),
    ("xml, property", "<property><name>admin.password</name><value>§</value></property>\n", s.in_xml, v.SPACED),
    ("xml, name and value", '<property name="dbPassword" value=§/>\n', s.in_attribute, v.ANY),
    ("libvirt secret", "<graphics type='vnc' port='5900' passwd='§'/>\n", s.raw, v.PLAIN),
    ("option log", "2026-01-15 10:00:00.000 7 DEBUG oslo [-] ssl.client_key_password = § log_opt_values cfg.py:2609\n"),
    ("log, key", "2026-01-15T10:00:00Z INFO loaded settings apiToken: § replicas: 3\n", s.raw, v.PLAIN),
    ("log, comma", "2026-01-15 10:00:00 INFO login user=nova, password=§, domain=x\n", s.raw, v.PLAIN),
    ("log, key in quotes", '2026-01-15 level=info msg="up" token="§" user=a\n', s.in_json, v.ANY),
    ("sentence", "Admin Password: §\n", s.raw, v.PLAIN),
    ("table", "| adminPass | § |\n| id        | 77   |\n", s.raw, v.SPACED),
    ("table, property", "+----+\n| admin_password            | § |\n+----+\n", s.raw, v.SIGNED),
    ("form", "POST /login?user=a&password=§&next=x HTTP/1.1\n", s.in_form, v.ANY),
    ("sql, json", 'INSERT INTO `t` VALUES (1,\'{\\"password\\": \\"§\\"}\');\n', s.twice_in_json, v.PLAIN),
    ("sql, password", "SET PASSWORD FOR 'nova'@'%' = PASSWORD('§');\n", s.in_sql, v.ANY),
    ("sql, replication", "CHANGE MASTER TO MASTER_HOST='a', MASTER_PASSWORD='§', MASTER_PORT=3306;\n", s.in_sql, v.ANY),
    ("jdbc", "jdbc:mysql://db:3306/x?user=a&password=§&ssl=true\n", s.in_form, v.ANY),
]

SHAPES: list[Row] = [
    ("url", "connection = mysql+pymysql://nova:§@mariadb.openstack.svc/nova?charset=utf8\n", s.in_url, v.ANY),
    ("url in a sentence", "failed to reach https://svc:§@172.18.0.77:8443/api/v1 (attempt 2)\n", s.in_url, v.ANY),
    ("several urls", "a http://u1:§@h1/ b http://u2:§@h2/ c http://h3/\n", s.in_url, v.ANY),
    ("rabbit", "rabbit://nova:§@h1:5672,nova:§@h2:5672,nova:§@h3:5672/?ssl=1\n", s.in_url, v.ANY),
    ("redis", "backend_url = redis://:§@redis.openstack.svc:6379/1\n", s.in_url, v.ANY),
    ("url in json", '{"endpoint": "https:\\/\\/svc:§@172.18.0.77\\/x", "n": 1}', s.in_url, v.ANY),
    ("url in quotes", "url: 'amqp://svc:§@rabbit:5672//'\n", s.in_url, v.ANY),
    ("url, @ in the password", "postgresql://svc:a@§@db/x and on\n", s.raw, v.PLAIN),
    (
        "url, sqlalchemy",
        "create_engine(mysql://root:§@localhost/nova_api?read_default_file=/etc/my.cnf)\n",
        s.in_url,
        v.PLAIN,
    ),
    ("git", "git clone https://builder:§@git.example.com/x.git\n", s.in_url, v.PLAIN),
    (
        "bearer",
        "curl -H 'Authorization: Bearer §' https://x\n",
        s.raw,
        (v.web_token, v.openshift_token, v.url_safe, v.hexadecimal),
    ),
    ("bearer alone", "sent header bearer § to x\n", s.raw, (v.web_token, v.openshift_token, v.url_safe)),
    ("basic", "GET /x HTTP/1.1\nAuthorization: Basic §\nAccept: */*\n", s.as_basic, v.ANY),
    ("proxy authorization", "Proxy-Authorization: Basic §\n", s.as_basic, v.ANY),
    ("x-auth-token", 'REQ: curl -g -i -X GET https://x/v3 -H "X-Auth-Token: §" -H "Accept: x"\n', s.raw, v.PLAIN),
    ("x-subject-token", "RESP: [201] X-Subject-Token: § Content-Length: 3\n", s.raw, (v.fernet_token, v.hexadecimal)),
    ("x-service-token", "RESP: [201] {'X-Service-Token': '§', 'a': 'b'}\n", s.raw, (v.fernet_token, v.hexadecimal)),
    ("cookie", "Set-Cookie: sessionid=§; HttpOnly; Path=/\n", s.raw, v.PLAIN),
    ("fernet token", "issued § for project x\n", s.raw, (v.fernet_token,)),
    ("web token", "the reply was §\n", s.raw, (v.web_token,)),
    ("openshift token", "logged in with § as kubeadmin\n", s.raw, (v.openshift_token,)),
    ("aws id", "signed by § at s3\n", s.raw, (v.aws_id,)),
    (
        "aws pair",
        "[default]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = §\n",
        s.raw,
        (v.aws_secret,),
    ),
    ("aws environment", "AWS_SECRET_ACCESS_KEY=§\nAWS_REGION=x\n", s.raw, (v.aws_secret,)),
    ("htpasswd line", "admin:§\nviewer:§\n", s.raw, (v.bcrypt, v.apache_hash)),
    ("shadow", "root:§:19000:0:99999:7:::\n", s.raw, (v.sha512_crypt,)),
    ("mysql hash", "GRANT USAGE ON *.* TO `nova`@`%` IDENTIFIED BY PASSWORD '§';\n", s.raw, (v.mysql_hash,)),
    ("mysql hash in a row", "INSERT INTO `user` VALUES ('%','nova','§','N');\n", s.raw, (v.mysql_hash,)),
    ("identified by", "CREATE USER 'nova'@'%' IDENTIFIED BY '§';\n", s.in_sql, v.ANY),
    ("identified via", "ALTER USER nova IDENTIFIED VIA mysql_native_password USING '§';\n", s.raw, (v.mysql_hash,)),
    ("snmp community", "rocommunity § 10.0.0.0/8\n", s.raw, v.PLAIN),
    ("cephx", "exported keyring for client.openstack key § done\n", s.raw, (v.ceph_key,)),
]

KEYS: list[Row] = [
    ("private key", "-----BEGIN RSA PRIVATE KEY-----\n§\n-----END RSA PRIVATE KEY-----\n"),
    ("ssh key", "-----BEGIN OPENSSH PRIVATE KEY-----\n§\n-----END OPENSSH PRIVATE KEY-----\n"),
    (
        "private key in yaml",
        "tls:\n  key: |\n    -----BEGIN PRIVATE KEY-----\n    §\n    -----END PRIVATE KEY-----\n  a: b\n",
        s.indented,
    ),
    (
        "private key in json",
        '{"a": "-----BEGIN EC PRIVATE KEY-----\\n§\\n-----END EC PRIVATE KEY-----\\n", "b": 1}',
        s.lines_in_json,
    ),
    (
        "private key in ini",
        "[tls]\nblob = -----BEGIN PRIVATE KEY-----\n    §\n    -----END PRIVATE KEY-----\nport = 1\n",
        s.indented,
    ),
    ("private key in base64", "users:\n- user:\n    client-key-data: §\n", s.framed_in_base64),
    ("private key in base64 without a name", "extra: §\n", s.framed_in_base64),
    ("encrypted key", "-----BEGIN ENCRYPTED PRIVATE KEY-----\n§\n-----END ENCRYPTED PRIVATE KEY-----\n"),
    ("private key that never ends", "-----BEGIN PRIVATE KEY-----\n§\n"),
]

KNOWN: list[Row] = [
    ("sentence", "we agreed on § for now\n"),
    ("twice", "§ and again §\n"),
    ("in brackets", "challenge answered: <§> (attempt 2)\n"),
    ("base64", "blob § end\n", s.in_base64),
    ("base64, one byte in", "blob § end\n", s.one_byte_in),
    ("base64, two bytes in", "blob § end\n", s.two_bytes_in),
    ("url-safe base64", "blob § end\n", s.in_url_safe_base64),
    ("in a url", "GET /x?y=§&z=1\n", s.in_url),
    ("in a form", "GET /x?y=§&z=1\n", s.in_form),
    ("in json", '{"note": "§"}', s.in_json),
    ("in json in a text", 'x {\\"note\\": \\"§\\"} y\n', s.twice_in_json),
    ("in python", "note('§')\n", s.in_python),
    ("in shell", "run § now\n", s.in_shell),
    ("in double quotes of a shell", 'run "§" now\n', s.in_double_shell),
    ("in sql", "INSERT INTO t VALUES (1,'§','x');\n", s.in_sql),
    ("in xml", "<note>§</note>\n", s.in_xml),
    ("in yaml", "note: '§'\n", s.in_single_quotes),
    ("glued to words", "prefix§suffix\n", s.raw, v.PLAIN),
]

BY_KEY = _forms(2, v.SIGNED, [*CONFIGURATION, *YAML, *JSON, *SHELL, *WRITTEN])
BY_SHAPE = _forms(1, v.SIGNED, SHAPES) + _forms(1, (v.pem_body,), KEYS)
BY_VALUE = _forms(3, v.ANY, KNOWN)
FORMS = (*BY_KEY, *BY_SHAPE, *BY_VALUE)
