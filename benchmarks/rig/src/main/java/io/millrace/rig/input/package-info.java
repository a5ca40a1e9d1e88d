/** Errors in the files that a measurement reads, which the user can mend. Knows nothing else of the laboratory. */
package io.millrace.rig.input;
