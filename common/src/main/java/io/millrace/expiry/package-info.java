/**
 * Expiries that are put off while a destination is behind its source, so that no key dies there before the log says so, and
 * the return to the exact time.
 */
package io.millrace.expiry;
