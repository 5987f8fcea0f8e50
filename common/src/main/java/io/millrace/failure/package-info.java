/** One classification of everything that can go wrong between this product and a Redis server. */
package io.millrace.failure;
