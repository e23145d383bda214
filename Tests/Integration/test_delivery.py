"""That every reply arrives, in order, however the bytes travel."""

import socket
import struct
import threading
import time

from harness import RawClient


def encode(*words):
    return b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%s\r\n" % (len(word), word) for word in words)


def test_replies_follow_a_client_that_has_said_all(server):
    with RawClient(server) as raw:
        raw.send(encode(b"SET", b"d:k", b"v" * 1000) + encode(b"GET", b"d:k") * 1000)
        raw.socket.shutdown(socket.SHUT_WR)
        assert raw.rest() == b"+OK\r\n" + b"$1000\r\n%s\r\n" % (b"v" * 1000) * 1000


def test_half_a_request_before_the_end_is_forgotten(server):
    with RawClient(server) as raw:
        raw.send(b"PING\r\n" + encode(b"SET", b"d:half", b"v")[:-3])
        raw.socket.shutdown(socket.SHUT_WR)
        assert raw.rest() == b"+PONG\r\n"
    with RawClient(server) as raw:
        assert raw.command("EXISTS", "d:half") == b":0"


def test_slow_reader_gets_everything_in_order(server):
    """What the socket takes at once and what has to wait must not overtake each other."""
    count, length = 3000, 4096
    with RawClient(server) as raw:

        def send():
            for number in range(count):
                raw.send(encode(b"ECHO", b"%06d" % number + b"x" * length))

        sender = threading.Thread(target=send)
        sender.start()
        received = bytearray()
        expected = b"".join(b"$%d\r\n%06d%s\r\n" % (length + 6, number, b"x" * length) for number in range(count))
        while len(received) < len(expected):
            piece = raw.socket.recv(30_000)
            assert piece
            received += piece
            if len(received) < 2_000_000:
                time.sleep(0.002)
        sender.join()
        assert received == expected


def test_many_clients_with_one_request_each_at_a_time(server):
    """Their requests are looked up together; each gets its own reply."""
    clients = [RawClient(server) for _ in range(150)]
    try:
        for round_number in range(20):
            for number, raw in enumerate(clients):
                raw.send(encode(b"HSET", b"d:%d" % number, b"f", b"%d-%d" % (round_number, number)))
            for raw in clients:
                assert raw.line() in (b":0", b":1")
            for number, raw in enumerate(clients):
                raw.send(encode(b"HGET", b"d:%d" % number, b"f"))
            for number, raw in enumerate(clients):
                value = b"%d-%d" % (round_number, number)
                assert raw.line() == b"$%d" % len(value)
                assert raw.line() == value
    finally:
        for raw in clients:
            raw.socket.close()


def test_a_client_that_ends_another_one(server):
    """The victim's request of the same moment is either answered or not; nobody else is harmed."""
    for _ in range(30):
        clients = [RawClient(server) for _ in range(10)]
        try:
            identifiers = [raw.command("CLIENT", "ID")[1:] for raw in clients]
            for number, raw in enumerate(clients):
                if number % 2 == 0:
                    raw.send(encode(b"CLIENT", b"KILL", b"ID", identifiers[number + 1]))
                else:
                    raw.send(encode(b"SET", b"d:victim", b"v") * 20)
            for raw in clients[::2]:
                assert raw.line() == b":1"
                assert raw.command("PING") == b"+PONG"
        finally:
            for raw in clients:
                raw.socket.close()


def test_a_connection_breaks_while_the_requests_of_many_are_carried_out(start_server):
    """What is left to read of it arrives when there is no more room among those that wait."""
    server = start_server("--threads", "1", "--enable-debug-command")
    clients = [RawClient(server) for _ in range(65)]
    first, sleeper, broken, *others = clients
    for raw in clients:
        assert raw.command("PING") == b"+PONG"
    first.send(encode(b"DEBUG", b"SLEEP", b"0.3"))
    time.sleep(0.1)
    # All of this arrives in one turn; the connection breaks while the second one sleeps.
    sleeper.send(encode(b"DEBUG", b"SLEEP", b"0.6"))
    time.sleep(0.02)
    broken.socket.setblocking(False)
    try:
        while broken.socket.send(encode(b"PING") * 10_000):
            pass
    except BlockingIOError:
        pass
    for raw in others:
        raw.send(encode(b"PING"))
    time.sleep(0.5)
    broken.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    broken.socket.close()
    for raw in others:
        assert raw.line() == b"+PONG"
        raw.socket.close()
    with RawClient(server) as raw:
        assert raw.command("PING") == b"+PONG"
    assert server.stop() == 0
