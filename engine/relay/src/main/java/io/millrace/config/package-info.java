/** Immutable configuration records, validated when they are built. Imports nothing of ours. */
package io.millrace.config;
