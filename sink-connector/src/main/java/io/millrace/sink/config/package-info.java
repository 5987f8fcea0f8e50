/** The settings of the sink connector: declared once, parsed once into types, checked against the live destination. */
package io.millrace.sink.config;
