/**
 * Deterministic CBOR for whatever is hashed or signed: one value has one encoding, and nothing else is accepted.
 *
 * <p>{@link io.millrace.cbor.CborWriter} writes it; {@link io.millrace.cbor.CborReader} refuses, without an exception,
 * every longer form of a length or number, indefinite lengths, floats, tags and text that is not UTF-8. Both are cursors
 * over a segment that belongs to the caller and allocate nothing but the arrays and strings that are asked for.
 *
 * <p>Not a library's parser: those accept several encodings of one value, and allocate per item. The tests compare with one.
 *
 * <p>This package imports nothing of ours and knows no protocol. Map keys are the caller's: it writes and expects them in
 * the order of their encodings.
 *
 * <p>Source: RFC 8949 section 4.2.1, core deterministic encoding.
 */
package io.millrace.cbor;
