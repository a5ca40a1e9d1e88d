/**
 * How the threads of the engine end. This package knows no thread in particular and imports nothing of ours; it is not
 * exported.
 */
package io.millrace.thread;
