/** Entry point of the processes that measurements start. Every measurement is a package below this one. */
package io.millrace.rig;
