/** What both connectors' configurations share: the Redis endpoint, unknown keys, live checks, and the generated reference. */
package io.millrace.config;
