/** Single connections to single nodes, and what a node says about itself and its cluster. */
package io.millrace.client;
