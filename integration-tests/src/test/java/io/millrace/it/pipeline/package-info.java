/** Whole pipelines: real servers, both connectors, a real broker and worker. */
package io.millrace.it.pipeline;
