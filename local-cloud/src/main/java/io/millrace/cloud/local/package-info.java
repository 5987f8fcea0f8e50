/** Services of clouds on this machine, which check every signature, for tests. */
package io.millrace.cloud.local;
