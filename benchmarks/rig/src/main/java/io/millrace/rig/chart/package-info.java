/**
 * Charts as PNG files in one style: lines and bars over XChart, and floating bars, headless. Knows no command.
 */
package io.millrace.rig.chart;
