"""Passwords and TLS."""

import ssl
import subprocess

import pytest
import redis

from harness import RawClient, run_strata


@pytest.fixture
def password_file(tmp_path):
    path = tmp_path / "password"
    path.write_text("correct horse\n")
    path.chmod(0o600)
    return path


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
         "-keyout", folder / "key.pem", "-out", folder / "cert.pem"],
        check=True, capture_output=True, stdin=subprocess.DEVNULL,
    )
    return folder


@pytest.mark.parametrize("protocol", [2, 3])
def test_password_is_needed(start_server, password_file, protocol):
    server = start_server("--password-file", password_file)
    with RawClient(server) as raw:
        assert raw.command("GET", "a") == b"-NOAUTH Authentication required."
        assert raw.command("AUTH", "wrong").startswith(b"-WRONGPASS")
        assert raw.command("GET", "a") == b"-NOAUTH Authentication required."
        assert raw.command("AUTH", "default", "correct horse") == b"+OK"
        assert raw.command("GET", "a") == b"$-1"
    with redis.Redis(port=server.port, password="correct horse", protocol=protocol) as client:
        assert client.ping()
    with redis.Redis(port=server.port, password="wrong", protocol=protocol) as client:
        with pytest.raises(redis.AuthenticationError):
            client.ping()
    with redis.Redis(port=server.port, protocol=protocol) as client:
        with pytest.raises(redis.AuthenticationError):
            client.ping()


def test_big_requests_are_refused_before_the_password(start_server, password_file):
    server = start_server("--password-file", password_file)
    with RawClient(server) as raw:
        raw.send(b"*100\r\n")
        assert raw.line().startswith(b"-ERR Protocol error: unauthenticated")
        assert raw.line() is None
    with RawClient(server) as raw:
        raw.send(b"*2\r\n$4\r\nECHO\r\n$1000000\r\n")
        assert raw.line().startswith(b"-ERR Protocol error: unauthenticated")


@pytest.mark.parametrize("address", ["0.0.0.0", "::"])
def test_other_machines_need_a_password(address):
    result = run_strata("serve", "--bind", address, "--port", 0, "--http-port", 0)
    assert result.returncode != 0
    assert "--password-file" in result.stderr and address in result.stderr


def test_all_addresses_with_a_password(start_server, password_file):
    server = start_server("--bind", "0.0.0.0", "--password-file", password_file)
    with redis.Redis(host="127.0.0.1", port=server.port, password="correct horse") as client:
        assert client.ping()


@pytest.mark.parametrize("protocol", [2, 3])
def test_tls(start_server, certificate, protocol):
    server = start_server("--tls-cert", certificate / "cert.pem", "--tls-key", certificate / "key.pem")
    assert "TLS" in server.banner
    with redis.Redis(
        host="localhost", port=server.port, ssl=True, ssl_ca_certs=str(certificate / "cert.pem"), protocol=protocol
    ) as client:
        value = b"x" * 3_000_000
        assert client.hset("h", "f", value) == 1
        assert client.hget("h", "f") == value
        pipeline = client.pipeline(transaction=False)
        for i in range(2000):
            pipeline.hset("many", i, i)
        assert pipeline.execute() == [1] * 2000
    result = subprocess.run(
        ["redis-cli", "--tls", "--cacert", certificate / "cert.pem", "-h", "localhost", "-p", str(server.port), "PING"],
        capture_output=True, text=True, timeout=20,
    )
    assert result.stdout == "PONG\n", result.stderr
    assert server.stop() == 0


def test_plain_clients_cannot_talk_to_tls(start_server, certificate):
    server = start_server("--tls-cert", certificate / "cert.pem", "--tls-key", certificate / "key.pem")
    with RawClient(server) as raw:
        raw.send(b"PING\r\n")
        assert b"PONG" not in raw.rest()
    context = ssl.create_default_context(cafile=certificate / "cert.pem")
    with context.wrap_socket(RawClient(server).socket, server_hostname="localhost") as secured:
        secured.sendall(b"PING\r\n")
        assert secured.recv(100) == b"+PONG\r\n"


def test_unusable_certificate_is_an_error(certificate, tmp_path):
    broken = tmp_path / "broken.pem"
    broken.write_text("no certificate\n")
    result = run_strata("serve", "--port", 0, "--http-port", 0, "--tls-cert", broken, "--tls-key", certificate / "key.pem")
    assert result.returncode != 0
    assert "broken.pem" in result.stderr or "certificate" in result.stderr.lower(), result.stderr
