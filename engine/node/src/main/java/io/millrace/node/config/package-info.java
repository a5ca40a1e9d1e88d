/**
 * The configuration of relays and clients. A {@link io.millrace.node.config.Key} describes one key: form, range, default and a
 * sentence. {@link io.millrace.node.config.EngineKeys} and the entries list the keys of each table. {@link
 * io.millrace.node.config.ConfigFile} reads a file into immutable records; options of commands set the same keys by {@link
 * io.millrace.node.config.Given}. {@code src/docs/configuration.md} is generated from the keys.
 *
 * <p>Every refusal is a {@link io.millrace.text.ConfigException} of the form {@code file:line: [table] key=value: what is
 * allowed}, or {@code --option=value: what is allowed}. Unknown tables and keys are refused.
 *
 * <p>Immutable records; nothing here starts a thread.
 */
package io.millrace.node.config;
