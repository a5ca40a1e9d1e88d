"""One end of bare Noise XK by dissononce, for the interoperability test.

dissononce_peer.py respond PROLOGUE_HEX           prints "PORT KEY", then the handshake hash
dissononce_peer.py initiate PROLOGUE_HEX PORT KEY prints the handshake hash and how many echoes were equal
"""
import socket
import struct
import sys

from dissononce.cipher.chachapoly import ChaChaPolyCipher
from dissononce.dh.x25519.x25519 import X25519DH
from dissononce.hash.sha256 import SHA256Hash
from dissononce.processing.handshakepatterns.interactive.XK import XKHandshakePattern
from dissononce.processing.impl.cipherstate import CipherState
from dissononce.processing.impl.handshakestate import HandshakeState
from dissononce.processing.impl.symmetricstate import SymmetricState

LENGTHS = (0, 1, 1024, 65519)


def exactly(connection, count):
    data = b""
    while len(data) < count:
        more = connection.recv(count - len(data))
        if not more:
            return None
        data += more
    return data


def receive(connection):
    length = exactly(connection, 2)
    return None if length is None else exactly(connection, struct.unpack(">H", length)[0])


def send(connection, message):
    connection.sendall(struct.pack(">H", len(message)) + bytes(message))


def handshake(connection, initiator, prologue, own, remote):
    symmetric = SymmetricState(CipherState(ChaChaPolyCipher()), SHA256Hash())
    state = HandshakeState(symmetric, X25519DH())
    state.initialize(XKHandshakePattern(), initiator, prologue, s=own, rs=remote)
    ciphers = None
    for index in range(3):
        buffer = bytearray()
        if (index % 2 == 0) == initiator:
            ciphers = state.write_message(b"", buffer)
            send(connection, buffer)
        else:
            ciphers = state.read_message(receive(connection), buffer)
    print(symmetric.get_handshake_hash().hex(), flush=True)
    return ciphers


def respond(prologue):
    own = X25519DH().generate_keypair()
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], own.public.data.hex(), flush=True)
    connection, _ = listener.accept()
    from_peer, to_peer = handshake(connection, False, prologue, own, None)
    while True:
        message = receive(connection)
        if message is None:
            return
        send(connection, to_peer.encrypt_with_ad(b"", from_peer.decrypt_with_ad(b"", message)))


def initiate(prologue, port, key):
    connection = socket.create_connection(("127.0.0.1", port))
    own = X25519DH().generate_keypair()
    to_peer, from_peer = handshake(connection, True, prologue, own, X25519DH().create_public(key))
    equal = 0
    for length in LENGTHS:
        text = bytes((i * 7 + length) % 256 for i in range(length))
        send(connection, to_peer.encrypt_with_ad(b"", text))
        equal += from_peer.decrypt_with_ad(b"", receive(connection)) == text
    print(equal, flush=True)


if sys.argv[1] == "respond":
    respond(bytes.fromhex(sys.argv[2]))
else:
    initiate(bytes.fromhex(sys.argv[2]), int(sys.argv[3]), bytes.fromhex(sys.argv[4]))
