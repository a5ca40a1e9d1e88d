/** JMH benchmarks. Each class states its question, its baseline and the shape it expects. */
package io.millrace.benchmarks;
