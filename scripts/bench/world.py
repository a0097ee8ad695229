# SPDX-License-Identifier: Apache-2.0
"""The product messages of the comparison: organisations, their deals, and the two requests measured.

A deal has about 625 bytes, two customer contacts and two solutions. Field numbers are those of
proto/tandem/v1. It must not measure anything.
"""

import os
import re
import time
from dataclasses import dataclass, field

from processes import Failure
from session import (
    HEADER, HELLO, REQUEST, Session, bytes_field, fields, frame, fresh_key, key_meta, number_field)
from session import field as at

CREATE_DEAL, LIST_LOCATIONS, REGISTER_ORGANISATION = 16, 55, 48
PUBLISH_SOLUTION, LIST_SOLUTIONS = 70, 71
SOLUTIONS = {"Route planner": 120_000, "Stock forecast": 130_000}
METHODS = {"get": 17, "patch": 18}
USUAL_REPLIES = {"get": 645, "patch": 28}
ORGANISATIONS = 8
DEAL_BYTES = 625
TEXT_BYTES = 16
CAMPAIGN_FIELD, ACTION_SET = 14, 1
KEY = re.compile(r"\btd[ko]_[0-9A-Za-z_-]+")
DAY_MS = 86_400_000


@dataclass
class Account:
    """A key that may create deals, the location they are created for, and what they sell by name."""
    key: str
    location: bytes
    solutions: dict


@dataclass
class Prepared:
    """What is asked of a server: greetings, deals by organisation, and how its answers look."""
    hellos: list = field(default_factory=list)
    deals: list = field(default_factory=list)
    reply_sizes: dict = field(default_factory=lambda: dict(USUAL_REPLIES))
    reply_offsets: dict = field(default_factory=dict)

    def part(self, organisations):
        """The same for some of the organisations."""
        return Prepared(
            self.hellos[organisations], self.deals[organisations], self.reply_sizes,
            self.reply_offsets)


def hello(key):
    """A Hello with an API key."""
    return (number_field(1, 0) + bytes_field(2, "tandem-bench/1") + bytes_field(4, key)
            + number_field(8, 4 << 20) + number_field(9, 256 << 10))


def person(first, last):
    mail = f"{first}.{last}@example.com".lower()
    return bytes_field(2, bytes_field(1, first) + bytes_field(2, last) + bytes_field(3, mail)
                       + bytes_field(4, "+49 89 5550 1234"))


def money(units):
    return number_field(1, units) + bytes_field(3, "EUR")


def solution(account, name):
    own_company = 1
    return (bytes_field(2, account.solutions[name]) + bytes_field(3, name)
            + number_field(4, own_company) + number_field(5, 1000)
            + bytes_field(6, money(SOLUTIONS[name])))


def new_deal(account, number, note_bytes):
    """A CreateDealRequest; `note_bytes` brings the stored deal to its size."""
    address = (bytes_field(1, "Lindenstrasse 12") + bytes_field(3, "Hamburg")
               + bytes_field(5, "20095") + bytes_field(6, "DE"))
    customer = (bytes_field(1, f"Nordlicht Logistik {number:06}") + bytes_field(2, address)
                + bytes_field(5, person("Ines", "Brandt")) + bytes_field(5, person("Ole", "Petersen")))
    return b"".join((
        bytes_field(1, f"Warehouse analytics {number:06}"), bytes_field(2, account.location),
        bytes_field(3, customer), bytes_field(4, money(250_000)),
        number_field(5, time.time_ns() // 1_000_000 + 90 * DAY_MS),
        bytes_field(CAMPAIGN_FIELD - 7, "a" * TEXT_BYTES),
        bytes_field(8, "Agreed with the customer's head of operations. ".ljust(note_bytes, "x")
                    [:note_bytes]),
        bytes_field(9, person("Mara", "Keller")),
        *(bytes_field(10, solution(account, name)) for name in SOLUTIONS),
        bytes_field(11, number_field(1, 1) + number_field(2, 1))))


def get_body(deal):
    return bytes_field(1, deal)


def patch_body(deal, text):
    """Sets the campaign id: no index hangs on it, so the journal is what is measured."""
    edit = bytes_field(1, bytes((CAMPAIGN_FIELD,))) + number_field(3, ACTION_SET)
    return (bytes_field(1, deal) + bytes_field(3, bytes_field(CAMPAIGN_FIELD, text))
            + bytes_field(4, edit))


def known_keys(server):
    """The operator's key, which a server writes beside its data, and the keys that it prints."""
    for _ in range(50):
        text = server.printed()
        if server.data is not None and (server.data / "operator.key").exists():
            text = (server.data / "operator.key").read_text() + "\n" + text
        keys = list(dict.fromkeys(KEY.findall(text)))
        if any(key.startswith("tdk_") for key in keys):
            return keys
        time.sleep(0.1)
    raise Failure(f"{server.name} printed no API key:\n{server.printed()[-2000:]}")


def register(session, number):
    """A new organisation; returns the key of its administrator."""
    partner = 1
    administrator = (bytes_field(1, "Ada") + bytes_field(2, f"Admin {number}")
                     + bytes_field(3, f"ada{number}@example.com")
                     + bytes_field(4, "+49 89 5550 1234"))
    request = (number_field(1, partner) + bytes_field(2, f"Bench partner {number}")
               + bytes_field(3, "DE") + number_field(4, 1) + number_field(5, 1)
               + bytes_field(6, administrator))
    reply = session.call(REGISTER_ORGANISATION, request, lambda: key_meta(fresh_key()))
    return at(reply, 6).decode()


def published(session):
    """The solutions of the organisation by name; publishes those that it does not have."""
    own_only, intellectual_property = number_field(2, 1), 2
    rows = [at(row, 1) for name, row in fields(session.call(LIST_SOLUTIONS, own_only)) if name == 1]
    found = {at(row, 3).decode(): at(row, 1) for row in rows}
    for name in SOLUTIONS:
        if name not in found:
            request = (bytes_field(2, name) + number_field(3, intellectual_property)
                       + number_field(4, 1))
            reply = session.call(PUBLISH_SOLUTION, request, lambda: key_meta(fresh_key()))
            found[name] = at(reply, 1)
    return found


def deal_maker(server, key):
    """The account of a key that may create deals, with its organisation; else why not."""
    with Session(server.address, hello(key)) as session:
        locations = [value for name, value in fields(session.call(LIST_LOCATIONS, b""))
                     if name == 1]
        if not locations:
            raise Failure("the organisation has no location")
        account = Account(key, at(locations[0], 1), published(session))
        validate_only = number_field(15, 1)
        session.call(CREATE_DEAL, new_deal(account, 0, 100) + validate_only)
        return account, at(session.welcome, 4)


def soon_deal_maker(server, key):
    """The same for a new organisation, which reaches its own shard a moment after its answer."""
    for attempt in range(20):
        try:
            return deal_maker(server, key)[0]
        except Failure:
            if attempt == 19:
                raise
            time.sleep(0.1)


def accounts(server, count=ORGANISATIONS):
    """One account for each of several organisations; registers them where a key allows that."""
    keys = known_keys(server)
    refusals = []
    for key in keys:
        try:
            with Session(server.address, hello(key)) as session:
                made = [register(session, number + 1) for number in range(count)]
            return [soon_deal_maker(server, new) for new in made]
        except Failure as refusal:
            refusals.append(str(refusal))
    found = {}
    for key in keys:
        try:
            account, organisation = deal_maker(server, key)
            found.setdefault(organisation, account)
        except Failure as refusal:
            refusals.append(str(refusal))
    if not found:
        raise Failure("no known key may create deals:\n" + "\n".join(refusals))
    return list(found.values())


def visit(server, account):
    """A connection that asked one thing."""
    session = Session(server.address, hello(account.key))
    session.call(LIST_LOCATIONS, b"")
    return session


def create(session, account, count, note_bytes):
    bodies = [new_deal(account, number, note_bytes) for number in range(count)]
    replies = session.calls(CREATE_DEAL, bodies, lambda: key_meta(fresh_key()))
    return [at(reply, 1) for reply in replies]


def note_size(session, account):
    """How long notes must be for a stored deal of the wanted size."""
    probe = 100
    deal = create(session, account, 1, probe)[0]
    size = len(at(session.call(METHODS["get"], get_body(deal)), 1))
    return max(0, probe + DEAL_BYTES - size)


def look_at_replies(session, deals, prepared):
    """Sizes of the answers, and where they repeat the identifier, from a few real calls."""
    bodies = {"patch": lambda deal: patch_body(deal, os.urandom(8).hex()), "get": get_body}
    for workload, body in bodies.items():
        meta = (lambda: key_meta(fresh_key())) if workload == "patch" else None
        sizes, offsets = [], set()
        for deal in deals:
            reply = session.call(METHODS[workload], body(deal), meta)
            sizes.append(session.payload_size)
            offsets.add(reply.find(deal))
        prepared.reply_sizes[workload] = round(sum(sizes) / len(sizes))
        if len(offsets) != 1 or -1 in offsets:
            raise Failure(f"the answer to {workload} does not name the deal at one place: {offsets}")
        prepared.reply_offsets[workload] = offsets.pop()


def prepare(server, directory, count, organisation_count=ORGANISATIONS):
    """Fills a server with deals and writes its two files of requests."""
    prepared = Prepared()
    organisations = accounts(server, organisation_count)
    notes = None
    for account in organisations:
        with Session(server.address, hello(account.key)) as session:
            if notes is None:
                notes = note_size(session, account)
            deals = create(session, account, max(1, count // len(organisations)), notes)
            prepared.hellos.append(hello(account.key))
            prepared.deals.append(deals)
            if not prepared.reply_offsets:
                look_at_replies(session, deals[:5], prepared)
    write(prepared, server.name, directory)
    return prepared


def pretend(count):
    """Deals that no server has, for the echo alone."""
    share = max(1, count // ORGANISATIONS)
    return Prepared(
        [hello("none")] * ORGANISATIONS,
        [[fresh_key() for _ in range(share)] for _ in range(ORGANISATIONS)])


def write(prepared, name, directory, echoes=False):
    """Writes `name-get.txt` and `name-patch.txt` as the load generator reads them.

    An echo begins its answer with the payload of the request, so the identifier stands elsewhere.
    """
    lines = []
    for greeting, deals in zip(prepared.hellos, prepared.deals):
        lines.append(f"tenant {frame(HELLO, 0, 0, 0, greeting).hex()}")
        lines += [f"deal {deal.hex()}" for deal in deals]
    deal, key, text = os.urandom(16), os.urandom(16), b"~" * TEXT_BYTES
    frames = {
        "get": frame(REQUEST, METHODS["get"], 0, 0, get_body(deal)),
        "patch": frame(REQUEST, METHODS["patch"], 0, 0, patch_body(deal, text), key_meta(key))}
    for workload, request in frames.items():
        words = [f"request {request.hex()} deal={request.index(deal)}"]
        if workload == "patch":
            words.append(f"key={request.index(key)} text={request.index(text)}:{TEXT_BYTES}")
        offset = prepared.reply_offsets.get(workload)
        if echoes:
            offset = request.index(deal) - HEADER.size
            if offset + len(deal) > prepared.reply_sizes[workload]:
                offset = None
        if offset is not None:
            words.append(f"reply-deal={offset}")
        path = directory / f"{name}-{workload}.txt"
        path.write_text("\n".join(lines + [" ".join(words)]) + "\n")
