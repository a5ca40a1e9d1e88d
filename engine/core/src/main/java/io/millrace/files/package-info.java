/**
 * Files that appear as a whole or not at all.
 *
 * <p>Knows nothing else of the project.
 */
package io.millrace.files;
