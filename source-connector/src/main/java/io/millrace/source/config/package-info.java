/** The settings of the source connector: declared once, parsed once into types, checked against the live source. */
package io.millrace.source.config;
