/**
 * The Noise protocol framework over X25519 and ChaCha20-Poly1305: handshakes by a table of patterns, and the two cipher
 * states that a finished handshake yields.
 *
 * <pre>{@code
 * HandshakeState handshake = HandshakeState.of(NoiseProtocol.XK_SHA256, Role.INITIATOR)
 *         .localStatic(keys).remoteStatic(peerKey).randomness(randomness).start();
 * int length = handshake.writeMessage(payload, payloadLength, message);     // -> e, es
 * int got = handshake.readMessage(message, length, payload);                // <- e, ee: negative is a NoiseStatus
 * length = handshake.writeMessage(payload, payloadLength, message);         // -> s, se
 * NoiseTransport transport = handshake.split();                             // the handshake is over and wiped
 * length = transport.send().encryptInPlace(message, 0, textLength);
 * }</pre>
 *
 * <p>It knows no carrier, no framing and no clock. Secrets live off the heap. Nothing here is thread safe: a handshake
 * belongs to one thread at a time, each cipher state to one.
 *
 * <p>Source: "The Noise Protocol Framework", revision 34.
 */
package io.millrace.noise;
