/**
 * How long, how much and how many: what a migration takes, computed from figures. Pure: no clock, no network, no state. What
 * was measured is in {@link io.millrace.sizing.Coefficients} and nowhere else.
 */
package io.millrace.sizing;
