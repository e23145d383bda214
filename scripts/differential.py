#!/usr/bin/env python3
"""Compares Strata's answers with those of a real Redis, command by command.

Random sequences of data commands over a few keys and fields, full of edge cases, go to both servers; every reply must be
the same: type, value and error text. What cannot be the same is normalised: the order of an unordered reply, a time to
live by a few milliseconds, the members of a random sample, the bytes of a DUMP.

    scripts/differential.py --redis 127.0.0.1:6390 --strata 127.0.0.1:6379 --seed 1 --rounds 200

Both servers are emptied. A difference is reduced to a short sequence that still shows it, printed, and ends the run with
status 1 (after --keep-going of them). The same seed gives the same commands.
"""

import argparse
import random
import socket
import sys
import time

# --- protocol ---------------------------------------------------------------------------------------------------------


class Connection:
    """A blocking connection that keeps the reply types apart."""

    def __init__(self, address, version):
        host, port = address.rsplit(":", 1)
        self.socket = socket.create_connection((host, int(port)), timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = b""
        if version == 3:
            self.call([b"HELLO", b"3"])

    def send(self, arguments):
        parts = [b"*%d\r\n" % len(arguments)]
        for argument in arguments:
            parts.append(b"$%d\r\n%s\r\n" % (len(argument), argument))
        self.socket.sendall(b"".join(parts))

    def call(self, arguments):
        self.send(arguments)
        return self.read()

    def fill(self):
        data = self.socket.recv(1 << 16)
        if not data:
            raise ConnectionError("connection closed")
        self.buffer += data

    def line(self):
        while b"\r\n" not in self.buffer:
            self.fill()
        line, self.buffer = self.buffer.split(b"\r\n", 1)
        return line

    def exactly(self, count):
        while len(self.buffer) < count:
            self.fill()
        data, self.buffer = self.buffer[:count], self.buffer[count:]
        return data

    def read(self):
        line = self.line()
        kind, rest = chr(line[0]), line[1:]
        if kind in "+-:,(#_":
            return (kind, rest)
        if kind in "$=":
            length = int(rest)
            if length < 0:
                return ("null-bulk", None)
            data = self.exactly(length + 2)
            return (kind, data[:-2])
        if kind in "*~>":
            length = int(rest)
            if length < 0:
                return ("null-array", None)
            return (kind, [self.read() for _ in range(length)])
        if kind == "%":
            return (kind, [self.read() for _ in range(2 * int(rest))])
        raise ValueError("unknown reply type %r" % line)


# --- normalisation ----------------------------------------------------------------------------------------------------


def pairs(items):
    return sorted((items[index], items[index + 1]) for index in range(0, len(items) - 1, 2))


def is_aggregate(reply):
    return reply[0] in "*~%>"


def near(left, right, slack):
    """Integers that differ by no more than a slack, or equal replies."""
    if left == right:
        return True
    if left[0] != ":" or right[0] != ":":
        return False
    a, b = int(left[1]), int(right[1])
    return a > 0 and b > 0 and abs(a - b) <= slack


def all_near(left, right, slack):
    if is_aggregate(left) and is_aggregate(right):
        return (
            left[0] == right[0]
            and len(left[1]) == len(right[1])
            and all(near(a, b, slack) for a, b in zip(left[1], right[1]))
        )
    return near(left, right, slack)


def same_shape(left, right):
    if left[0] != right[0]:
        return False
    if is_aggregate(left):
        return len(left[1]) == len(right[1]) and all(same_shape(a, b) for a, b in zip(left[1], right[1]))
    return left[0] != "-" or left == right


MILLISECOND_COMMANDS = {b"PTTL", b"PEXPIRETIME", b"HPTTL", b"HPEXPIRETIME"}
SECOND_COMMANDS = {b"TTL", b"EXPIRETIME", b"HTTL", b"HEXPIRETIME"}
UNORDERED_COMMANDS = {b"HKEYS", b"HVALS", b"KEYS"}


def equal(arguments, left, right):
    """Whether two replies to a command are the same as far as they can be."""
    if left == right:
        return True
    name = arguments[0].upper()
    if name in MILLISECOND_COMMANDS:
        return all_near(left, right, 80)
    if name in SECOND_COMMANDS:
        return all_near(left, right, 1)
    if left[0] != right[0]:
        return False
    if left[0] == "-":
        # Bytes that are no text are shown as such.
        return left[1].decode("utf-8", "replace") == right[1].decode("utf-8", "replace")
    if name in UNORDERED_COMMANDS and is_aggregate(left):
        return sorted(left[1]) == sorted(right[1])
    if name == b"HGETALL" and is_aggregate(left):
        return pairs(left[1]) == pairs(right[1])
    if name == b"HRANDFIELD":
        return same_shape(left, right)
    if name in (b"RANDOMKEY", b"DUMP"):
        return same_shape(left, right)
    if name == b"OBJECT" and len(arguments) == 3:
        what = arguments[1].upper()
        if what == b"IDLETIME":
            # Small integers are shared objects in Redis: idle since any key was last given that value.
            return left[0] == ":" == right[0] and int(right[1]) <= int(left[1]) + 2
        if what == b"REFCOUNT":
            return same_shape(left, right)
        if what == b"ENCODING":
            hashes = {b"listpack", b"listpackex", b"hashtable"}
            # Strata goes back to the smaller encodings, Redis does not.
            if left[1] in hashes:
                return right[1] in hashes
            # What INCRBYFLOAT stores is text to Redis even if it is an integer.
            return {left[1], right[1]} == {b"int", b"embstr"}
    if name in (b"SCAN", b"HSCAN") and is_aggregate(left) and is_aggregate(right):
        if len(left[1]) != 2 or len(right[1]) != 2:
            return False
        a, b = left[1][1], right[1][1]
        if left[1][0][0] != right[1][0][0] or a[0] != b[0]:
            return False
        if left[1][0][1] == b"0" and right[1][0][1] == b"0":
            if name == b"HSCAN" and b"novalues" not in [argument.lower() for argument in arguments]:
                return pairs(a[1]) == pairs(b[1])
            return sorted(a[1]) == sorted(b[1])
        return True
    return False


# --- generation -------------------------------------------------------------------------------------------------------

KEYS = [b"k0", b"k1", b"k2", b"h0", b"h1", b"h2", b"h3"]
FIELDS = [b"f0", b"f1", b"f2", b"f3", b"f4", b"", b"field-with-a-longer-name"]
INTEGERS = [
    b"0", b"1", b"-1", b"5", b"10", b"100", b"-100", b"9223372036854775807", b"-9223372036854775808",
    b"9223372036854775808", b"-9223372036854775809", b"18446744073709551615", b"4611686018427387904",
    b"2147483647", b"2147483648", b"-2147483649", b"9999999999999999", b"99999999999999999999",
    b"007", b"+5", b" 5", b"5 ", b"", b"-", b"--1", b"1.0", b"0x10", b"1e3", b"abc", b"-0", b"9223372036854775",
    b"9223372036854776", b"-9223372036854775807", b"70368744177663", b"70368744177664", b"281474976710655",
    b"281474976710656", b"68719476735", b"68719476736", b"70368744178", b"281474976711",
]
FLOATS = [
    b"0", b"1", b"-1", b"0.1", b"0.2", b"-0.1", b"1.5", b"3.0e3", b"1e10", b"-1.5e-3", b"1e-20", b"1e300", b"1e4000",
    b"-1e4000", b"1e4932", b"1e5000", b"inf", b"-inf", b"+inf", b"infinity", b"nan", b"NaN", b"0x1p3", b"0x1.8p1",
    b"1.", b".5", b"+5", b" 1", b"1 ", b"1 2", b"", b"abc", b"1e", b"1e+5", b"1_000", b"-0", b"-0.0",
    b"17179869184", b"9007199254740993", b"0.30000000000000004", b"3.141592653589793238462643383279",
    b"123456789012345678901234567890", b"-123456789.123456789", b"1e-400", b"4e-4951", b"1e-5000", b"5e-324", b"1,5",
]
VALUES = [
    b"", b"x", b"value", b"hello world", b"\x00\x01\xff", b"12", b"-7", b"1.5", b"a\r\nb", b"0", b"3e2",
    b"x" * 44, b"x" * 45, b"y" * 64, b"z" * 65, b"w" * 300,
]
PATTERNS = [
    b"*", b"k*", b"h?", b"[kh]*", b"[^k]*", b"k[0-1]", b"k[1-0]", b"\\k0", b"k\\", b"[k", b"f*", b"**", b"", b"*0",
    b"f[0-9", b"[]", b"[^]", b"*[", b"?*", b"[a-", b"h[\\0-2]",
]
SMALL = [b"0", b"1", b"2", b"3", b"-1", b"-2", b"-3", b"-100", b"100", b"4", b"10"]


class Generator:
    def __init__(self, source):
        self.r = source
        self.wall = int(time.time())

    def key(self):
        return self.r.choice(KEYS)

    def hash_key(self):
        return self.r.choice(KEYS[3:]) if self.r.random() < 0.9 else self.key()

    def string_key(self):
        return self.r.choice(KEYS[:3]) if self.r.random() < 0.9 else self.key()

    def field(self):
        if self.r.random() < 0.04:
            return b"f%d" % self.r.randrange(200)
        return self.r.choice(FIELDS)

    def value(self):
        pool = self.r.random()
        if pool < 0.25:
            return self.r.choice(INTEGERS)
        if pool < 0.4:
            return self.r.choice(FLOATS)
        return self.r.choice(VALUES)

    def integer(self):
        return self.r.choice(INTEGERS) if self.r.random() < 0.4 else self.r.choice(SMALL)

    def floating(self):
        return self.r.choice(FLOATS)

    def count(self):
        return self.r.choice(SMALL) if self.r.random() < 0.85 else self.r.choice(INTEGERS)

    def case(self, word):
        roll = self.r.random()
        if roll < 0.6:
            return word
        if roll < 0.9:
            return word.lower()
        return bytes(self.r.choice((c, c ^ 0x20)) if 65 <= c <= 90 else c for c in word)

    def some(self, make, low=1, high=4):
        return [make() for _ in range(self.r.randint(low, high))]

    # Times: far in the future, past, or nonsense; nothing that falls due during a run.

    def relative_time(self, milliseconds):
        roll = self.r.random()
        if roll < 0.6:
            # Spread out, so that comparisons of deadlines don't hang on a millisecond.
            return b"%d" % (self.r.randrange(500, 1000000) * (1000 if milliseconds else 1))
        if roll < 0.75:
            return self.r.choice([b"0", b"-1", b"-1000"])
        return self.r.choice([i for i in INTEGERS if i not in (b"1", b"5", b"10", b"100")])

    def absolute_time(self, milliseconds):
        roll = self.r.random()
        if roll < 0.6:
            return b"%d" % ((self.wall + self.r.randrange(500, 1000000)) * (1000 if milliseconds else 1))
        if roll < 0.75:
            return b"%d" % (self.wall - 100 if not milliseconds else (self.wall - 100) * 1000)
        return self.r.choice(INTEGERS)

    def expiry_option(self, more=()):
        choice = self.r.choice([b"EX", b"PX", b"EXAT", b"PXAT"] + list(more))
        if choice in (b"EX", b"PX"):
            return [self.case(choice), self.relative_time(choice == b"PX")]
        if choice in (b"EXAT", b"PXAT"):
            return [self.case(choice), self.absolute_time(choice == b"PXAT")]
        return [self.case(choice)]

    def field_list(self, make=None, correct=0.93, per=1):
        names = self.some(make or (lambda: [self.field()]))
        flat = [part for name in names for part in name]
        count = b"%d" % len(names) if self.r.random() < correct else self.count()
        return [self.case(b"FIELDS"), count] + flat

    def command(self):
        weights = self.COMMANDS
        make = self.r.choices([m for m, _ in weights], [w for _, w in weights])[0]
        arguments = make(self)
        if arguments[0].startswith(b"<"):
            return arguments
        roll = self.r.random()
        if roll < 0.015 and len(arguments) > 1:
            del arguments[self.r.randrange(1, len(arguments))]
        elif roll < 0.03:
            arguments.insert(self.r.randint(1, len(arguments)), self.value())
        elif roll < 0.04 and len(arguments) > 2:
            index = self.r.randrange(2, len(arguments))
            arguments[index] = self.value()
        if arguments[0] == b"HRANDFIELD" and len(arguments) == 3 and arguments[2].startswith(b"-9223372036854775807"):
            # Redis would try to answer that until its memory ends.
            arguments[2] = b"-7"
        return [self.case(arguments[0])] + arguments[1:]

    def set(self):
        arguments = [b"SET", self.key(), self.value()]
        while self.r.random() < 0.4:
            roll = self.r.random()
            if roll < 0.4:
                arguments += self.expiry_option([b"KEEPTTL"])
            else:
                arguments.append(self.case(self.r.choice([b"NX", b"XX", b"GET", b"KEEPTTL", b"PERSIST", b"GET"])))
        return arguments

    def getex(self):
        arguments = [b"GETEX", self.string_key()]
        while self.r.random() < 0.5:
            arguments += self.expiry_option([b"PERSIST", b"PERSIST", b"KEEPTTL"])
        return arguments

    def expire(self):
        name = self.r.choice([b"EXPIRE", b"PEXPIRE", b"EXPIREAT", b"PEXPIREAT"])
        when = (self.absolute_time if name.endswith(b"AT") else self.relative_time)(name.startswith(b"P"))
        arguments = [name, self.key(), when]
        while self.r.random() < 0.35:
            arguments.append(self.case(self.r.choice([b"NX", b"XX", b"GT", b"LT", b"nope"])))
        return arguments

    def hexpire(self):
        name = self.r.choice([b"HEXPIRE", b"HPEXPIRE", b"HEXPIREAT", b"HPEXPIREAT"])
        when = (self.absolute_time if name.endswith(b"AT") else self.relative_time)(name.startswith(b"HP"))
        arguments = [name, self.hash_key(), when]
        if self.r.random() < 0.4:
            arguments.append(self.case(self.r.choice([b"NX", b"XX", b"GT", b"LT", b"nope"])))
        return arguments + self.field_list()

    def hsetex(self):
        arguments = [b"HSETEX", self.hash_key()]
        while self.r.random() < 0.5:
            if self.r.random() < 0.4:
                arguments.append(self.case(self.r.choice([b"FNX", b"FXX", b"bogus"])))
            else:
                arguments += self.expiry_option([b"KEEPTTL"])
        return arguments + self.field_list(lambda: [self.field(), self.value()])

    def hgetex(self):
        arguments = [b"HGETEX", self.hash_key()]
        if self.r.random() < 0.7:
            arguments += self.expiry_option([b"PERSIST", b"KEEPTTL"])
        return arguments + self.field_list()

    def scan(self, arguments, kinds):
        while self.r.random() < 0.5:
            kind = self.r.choice(kinds)
            if kind == b"MATCH":
                arguments += [self.case(kind), self.r.choice(PATTERNS)]
            elif kind == b"COUNT":
                arguments += [self.case(kind), self.r.choice([b"1000", b"5000", b"0", b"-1", b"abc", b"1000"])]
            elif kind == b"TYPE":
                arguments += [self.case(kind), self.r.choice([b"string", b"hash", b"list", b"HASH", b"nosuch"])]
            else:
                arguments.append(self.case(kind))
        if b"COUNT" not in [argument.upper() for argument in arguments]:
            arguments += [b"COUNT", b"1000"]
        return arguments

    def restore(self):
        # The payload placeholder is replaced by what the server itself gave for DUMP.
        arguments = [b"RESTORE", self.key(), self.relative_time(True), b"<dump>"]
        if len(arguments[2]) > 16:
            # The sum overflows in Redis; what follows is a matter of chance.
            arguments[2] = b"0"
        while self.r.random() < 0.45:
            choice = self.r.choice([b"REPLACE", b"REPLACE", b"ABSTTL", b"IDLETIME", b"FREQ"])
            arguments.append(self.case(choice))
            if choice in (b"IDLETIME", b"FREQ"):
                arguments.append(self.count())
        if b"ABSTTL" in [a.upper() for a in arguments] and self.r.random() < 0.8:
            arguments[2] = self.absolute_time(True)
        if self.r.random() < 0.1:
            arguments[3] = self.value()
        return arguments

    def lcs(self):
        arguments = [b"LCS", self.string_key(), self.string_key()]
        while self.r.random() < 0.5:
            choice = self.r.choice([b"LEN", b"IDX", b"MINMATCHLEN", b"WITHMATCHLEN", b"bogus"])
            arguments.append(self.case(choice))
            if choice == b"MINMATCHLEN":
                arguments.append(self.count())
        return arguments

    def setrange_offset(self):
        return self.r.choice([b"0", b"1", b"5", b"20", b"-1", b"536870912", b"abc", b"9223372036854775807"])

    def copy(self):
        arguments = [b"COPY", self.key(), self.key()]
        while self.r.random() < 0.5:
            if self.r.random() < 0.5:
                arguments.append(self.case(b"REPLACE"))
            else:
                arguments += [self.case(b"DB"), self.r.choice([b"0", b"1", b"9", b"16", b"-1", b"abc", b"9999999999"])]
        return arguments

    def hrandfield(self):
        arguments = [b"HRANDFIELD", self.hash_key()]
        if self.r.random() < 0.8:
            arguments.append(self.r.choice([
                b"0", b"1", b"2", b"5", b"-1", b"-5", b"100", b"abc", b"-9223372036854775808", b"9223372036854775808",
            ]))
            if self.r.random() < 0.5:
                arguments.append(self.case(self.r.choice([b"WITHVALUES", b"WITHVALUES", b"bogus"])))
                if self.r.random() < 0.2:
                    # Counts at the edge of the range, refused only together with the values.
                    arguments[2] = self.r.choice([b"9223372036854775807", b"-9223372036854775807"])
        return arguments

    def simple(name, *makers):
        return lambda self: [name] + [make(self) for make in makers]

    COMMANDS = [
        (set, 6), (getex, 3), (expire, 8), (hexpire, 10), (hsetex, 6), (hgetex, 5), (restore, 3), (lcs, 1), (copy, 3),
        (hrandfield, 3),
        (simple(b"GET", string_key), 4),
        (lambda s: [b"MGET"] + s.some(s.key), 2),
        (lambda s: [b"MSET"] + [x for _ in range(s.r.randint(1, 3)) for x in (s.string_key(), s.value())], 2),
        (lambda s: [b"MSETNX"] + [x for _ in range(s.r.randint(1, 3)) for x in (s.string_key(), s.value())], 1),
        (simple(b"GETSET", string_key, value), 1),
        (simple(b"GETDEL", string_key), 1),
        (lambda s: [b"SETEX", s.string_key(), s.relative_time(False), s.value()], 1),
        (lambda s: [b"PSETEX", s.string_key(), s.relative_time(True), s.value()], 1),
        (simple(b"SETNX", string_key, value), 1),
        (simple(b"INCR", string_key), 2),
        (simple(b"DECR", string_key), 2),
        (simple(b"INCRBY", string_key, integer), 3),
        (simple(b"DECRBY", string_key, integer), 3),
        (simple(b"INCRBYFLOAT", string_key, floating), 4),
        (simple(b"APPEND", string_key, value), 2),
        (simple(b"STRLEN", string_key), 1),
        (simple(b"GETRANGE", string_key, integer, integer), 2),
        (simple(b"SUBSTR", string_key, integer, integer), 1),
        (simple(b"SETRANGE", string_key, setrange_offset, value), 2),
        (lambda s: [b"DEL"] + s.some(s.key, 1, 3), 2),
        (lambda s: [b"UNLINK"] + s.some(s.key, 1, 3), 1),
        (lambda s: [b"EXISTS"] + s.some(s.key, 1, 5), 2),
        (lambda s: [b"TOUCH"] + s.some(s.key, 1, 5), 1),
        (simple(b"TTL", key), 2), (simple(b"PTTL", key), 2),
        (simple(b"EXPIRETIME", key), 1), (simple(b"PEXPIRETIME", key), 2),
        (simple(b"PERSIST", key), 2),
        (simple(b"TYPE", key), 1),
        (simple(b"RENAME", key, key), 2),
        (simple(b"RENAMENX", key, key), 2),
        (lambda s: [b"MOVE", s.key(), s.r.choice([b"0", b"1", b"9", b"15", b"16", b"-1", b"abc"])], 1),
        (lambda s: [b"KEYS", s.r.choice(PATTERNS)], 2),
        (lambda s: s.scan([b"SCAN", s.r.choice([b"0"] * 8 + [b"abc", b"-1", b"", b"1.5"])],
                          [b"MATCH", b"COUNT", b"TYPE", b"NOVALUES", b"bogus"]), 3),
        (lambda s: s.scan([b"HSCAN", s.hash_key(), s.r.choice([b"0"] * 8 + [b"abc", b"-1", b""])],
                          [b"MATCH", b"COUNT", b"NOVALUES", b"TYPE"]), 3),
        (lambda s: [b"RANDOMKEY"], 1),
        (lambda s: [b"DBSIZE"], 1),
        (lambda s: [s.r.choice([b"FLUSHDB", b"FLUSHALL"])] + s.some(
            lambda: s.r.choice([b"ASYNC", b"SYNC", b"bogus"]), 0, 2), 0.3),
        (lambda s: [b"OBJECT", s.case(s.r.choice([b"ENCODING", b"REFCOUNT", b"IDLETIME", b"FREQ", b"nope"])),
                    s.key()], 2),
        (lambda s: [b"DUMP", s.key()], 2),
        (lambda s: [b"HSET", s.hash_key()] + [x for _ in range(s.r.randint(1, 4))
                                              for x in (s.field(), s.value())], 10),
        (lambda s: [b"HMSET", s.hash_key()] + [x for _ in range(s.r.randint(1, 4))
                                               for x in (s.field(), s.value())], 2),
        (simple(b"HSETNX", hash_key, field, value), 2),
        (simple(b"HGET", hash_key, field), 3),
        (lambda s: [b"HMGET", s.hash_key()] + s.some(s.field), 3),
        (simple(b"HGETALL", hash_key), 4),
        (lambda s: [b"HDEL", s.hash_key()] + s.some(s.field), 3),
        (simple(b"HEXISTS", hash_key, field), 1),
        (simple(b"HLEN", hash_key), 2),
        (simple(b"HSTRLEN", hash_key, field), 1),
        (simple(b"HKEYS", hash_key), 1), (simple(b"HVALS", hash_key), 1),
        (simple(b"HINCRBY", hash_key, field, integer), 4),
        (simple(b"HINCRBYFLOAT", hash_key, field, floating), 5),
        (lambda s: [s.r.choice([b"HTTL", b"HPTTL", b"HEXPIRETIME", b"HPEXPIRETIME"]), s.hash_key()]
         + s.field_list(), 6),
        (lambda s: [b"HPERSIST", s.hash_key()] + s.field_list(), 2),
        (lambda s: [b"HGETDEL", s.hash_key()] + s.field_list(), 3),
        # Real expiry: the pseudo command sets short deadlines, waits until both servers have collected them.
        (lambda s: [b"<expire-key>", s.key()], 0.15),
        (lambda s: [b"<expire-field>", s.hash_key(), s.field()], 0.15),
        (lambda s: [b"<hscan-all>", s.hash_key()], 1),
        (lambda s: [b"<scan-all>"], 1),
        (lambda s: [b"<big-hash>", s.hash_key(), b"%d" % s.r.choice([20, 130, 600])], 0.2),
    ]


# --- running ----------------------------------------------------------------------------------------------------------


class Pair:
    """The two servers and the payloads they dumped."""

    def __init__(self, redis, strata, version):
        self.servers = [Connection(redis, version), Connection(strata, version)]
        self.names = ["redis ", "strata"]
        self.reset()

    def reset(self):
        self.payloads = [b"payload", b"payload"]
        for server in self.servers:
            server.call([b"FLUSHALL"])

    def both(self, arguments):
        for index, server in enumerate(self.servers):
            server.send([self.payloads[index] if a == b"<dump>" else a for a in arguments])
        return [server.read() for server in self.servers]

    def scan_all(self, prefix):
        results = []
        for server in self.servers:
            cursor, seen = b"0", []
            for _ in range(10000):
                reply = server.call(prefix[:-1] + [cursor, b"COUNT", b"7"])
                if reply[0] != "*":
                    seen = reply
                    break
                cursor = reply[1][0][1]
                items = reply[1][1][1]
                if prefix[0] == b"HSCAN":
                    seen += pairs(items)
                else:
                    seen += items
                if cursor == b"0":
                    break
            else:
                seen = ("-", b"endless scan")
            results.append(seen if isinstance(seen, tuple) else ("*", sorted(set(seen))))
        return results

    def step(self, arguments):
        """Runs one step; returns the two replies and whether they are the same."""
        name = arguments[0]
        if name == b"<expire-key>":
            replies = self.both([b"PEXPIRE", arguments[1], b"1"])
            time.sleep(0.03)
            return replies, replies[0] == replies[1]
        if name == b"<expire-field>":
            replies = self.both([b"HPEXPIRE", arguments[1], b"1", b"FIELDS", b"1", arguments[2]])
            time.sleep(0.35)
            return replies, replies[0] == replies[1]
        if name == b"<hscan-all>":
            replies = self.scan_all([b"HSCAN", arguments[1], b"0"])
            return replies, replies[0] == replies[1]
        if name == b"<scan-all>":
            replies = self.scan_all([b"SCAN", b"0"])
            return replies, replies[0] == replies[1]
        if name == b"<big-hash>":
            fields = [x for i in range(int(arguments[2])) for x in (b"big%d" % i, b"value%d" % i)]
            replies = self.both([b"HSET", arguments[1]] + fields)
            return replies, replies[0] == replies[1]
        replies = self.both(arguments)
        if name.upper() == b"DBSIZE" and replies[0] != replies[1]:
            # Redis counts a key that was stored with a past deadline until it comes across it.
            time.sleep(0.3)
            replies = self.both(arguments)
        if name.upper() == b"DUMP" and all(reply[0] == "$" for reply in replies):
            self.payloads = [reply[1] for reply in replies]
        return replies, equal(arguments, *replies)

    def replay(self, history):
        """The position of the first difference, or None."""
        self.reset()
        for position, arguments in enumerate(history):
            if not self.step(arguments)[1]:
                return position
        return None


def shorten(pair, history):
    """A sequence as short as one pass of leaving out finds that still ends in a difference."""
    position = pair.replay(history)
    if position is None:
        return None
    history = history[: position + 1]
    size = max(1, len(history) // 2)
    while size >= 1:
        index = 0
        while index < len(history) - 1:
            candidate = history[:index] + history[min(index + size, len(history) - 1) :]
            found = pair.replay(candidate)
            if found is not None:
                history = candidate[: found + 1]
            else:
                index += size
        size //= 2
    return history


def show(arguments):
    return " ".join(repr(argument)[1:] for argument in arguments)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--redis", required=True, help="HOST:PORT of the reference server")
    parser.add_argument("--strata", required=True, help="HOST:PORT of the server under test")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--rounds", type=int, default=100, help="sequences to try, each from empty servers")
    parser.add_argument("--steps", type=int, default=150, help="commands per sequence")
    parser.add_argument("--keep-going", type=int, default=1, help="differences to show before giving up")
    parser.add_argument("--protocol", choices=["2", "3", "both"], default="both")
    options = parser.parse_args()
    versions = [2, 3] if options.protocol == "both" else [int(options.protocol)]
    connections = {version: Pair(options.redis, options.strata, version) for version in versions}
    found, commands, seen = 0, 0, set()
    for number in range(options.rounds):
        seed = options.seed * 1_000_003 + number
        generator = Generator(random.Random(seed))
        pair = connections[versions[number % len(versions)]]
        pair.reset()
        history = []
        for _ in range(options.steps):
            arguments = generator.command()
            history.append(arguments)
            commands += 1
            try:
                replies, same = pair.step(arguments)
            except (OSError, ValueError):
                print("seed %d round %d: no answer after" % (options.seed, number))
                for arguments in history[-8:]:
                    print("    " + show(arguments)[:400])
                raise
            if same:
                continue
            short = shorten(pair, history) or history
            pair.reset()
            for arguments in short:
                replies, _ = pair.step(arguments)
            mark = (short[-1][0].upper(), replies[0][0], replies[1][0], len(short))
            if mark not in seen:
                seen.add(mark)
                found += 1
                print("difference %d: seed %d round %d, RESP%d" % (found, options.seed, number, versions[number % len(versions)]))
                for arguments in short:
                    print("    " + show(arguments)[:400])
                for name, reply in zip(pair.names, replies):
                    print("  %s: %s" % (name, repr(reply)[:600]))
                sys.stdout.flush()
            break
        if found >= options.keep_going:
            break
    print("seed %d: %d commands, %d differences" % (options.seed, commands, found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
