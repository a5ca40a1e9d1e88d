/**
 * The TOML files of relays and clients: read strictly into immutable records of the file's shape.
 *
 * <p>Every refusal is a {@link io.millrace.text.ConfigException} of the form {@code file: what: name=value}; unknown
 * keys are refused. The engine decides about the meaning of values, so names of modes and policies are kept
 * as text.
 */
package io.millrace.node.config;
