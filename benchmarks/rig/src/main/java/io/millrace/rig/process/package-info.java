/**
 * Further processes of this program: their command line, their output as events, and how they are ended.
 *
 * <p>Knows no command.
 */
package io.millrace.rig.process;
