/** The plugin zips as they are shipped. */
package io.millrace.it.plugin;
