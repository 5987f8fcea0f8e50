/** What both connectors show of themselves beside their data: their version, and their status through JMX. */
package io.millrace.plugin;
